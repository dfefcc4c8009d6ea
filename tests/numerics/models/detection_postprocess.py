"""(22.11) to (22.13)."""

import numpy as np

from models.non_max_suppression import overlaps
from models.recipes import f32


def select(boxes, scores, most, a):
    left, picks = scores >= f32(a["score_threshold"]), []
    while len(picks) < most and left.any():
        best = int(np.argmax(np.where(left, scores, -np.inf)))
        picks.append(best)
        left[best] = False
        left &= ~overlaps(boxes, boxes[best], a["iou_threshold"])
    return picks


def decode(x, anchors, a):
    y = x[:, 0] / f32(a["y_scale"]) * anchors[:, 2] + anchors[:, 0]
    c = x[:, 1] / f32(a["x_scale"]) * anchors[:, 3] + anchors[:, 1]
    h = f32(0.5) * np.exp(x[:, 2] / f32(a["h_scale"])) * anchors[:, 2]
    w = f32(0.5) * np.exp(x[:, 3] / f32(a["w_scale"])) * anchors[:, 3]
    return np.stack([y - h, c - w, y + h, c + w], axis=1)


def by_best_class(boxes, scores, a):
    """Rows (box, class), None where there are fewer classes."""
    rows = []
    picks = select(boxes, scores.max(axis=1), a["max_detections"], a)
    for i in picks:
        order = np.argsort(-scores[i], kind="stable")[:a["max_classes_per_detection"]]
        rows += [(i, c) for c in order]
        rows += [None] * (a["max_classes_per_detection"] - len(order))
    return rows, len(picks)


def by_every_class(boxes, scores, a):
    rows = []
    for c in range(scores.shape[1]):
        own = [(i, c) for i in select(boxes, scores[:, c], a["detections_per_class"], a)]
        # Of equal scores the later class comes first.
        rows = sorted(own + rows, key=lambda r: -scores[r])[:a["max_detections"]]
    return rows, len(rows)


def run(case):
    a = case.attributes
    boxes = decode(case.inputs[0].data[0], case.inputs[2].data, a)
    scores = case.inputs[1].data[0][:, -a["classes"]:]
    rows, count = (by_every_class if a["regular_nms"] else by_best_class)(boxes, scores, a)
    m = a["max_detections"] * a["max_classes_per_detection"]
    out, classes, best = np.zeros((1, m, 4)), np.zeros((1, m)), np.zeros((1, m))
    for k, row in enumerate(rows):
        if row is not None:
            out[0, k], classes[0, k], best[0, k] = boxes[row[0]], row[1], scores[row]
    return [out, classes, best, np.array([count])]
