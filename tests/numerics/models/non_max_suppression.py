"""(22.9), (22.10)."""

import numpy as np

from models.recipes import f32


def corners(boxes, center):
    if center:
        x, y, w, h = boxes.T
        boxes = np.stack([y - h / f32(2), x - w / f32(2), y + h / f32(2), x + w / f32(2)], axis=1)
    first, second = boxes[:, :2], boxes[:, 2:]
    return np.concatenate([np.minimum(first, second), np.maximum(first, second)], axis=1)


def overlaps(boxes, one, threshold):
    """(22.9) of every box with one."""
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    own = (one[2] - one[0]) * (one[3] - one[1])
    height = np.minimum(boxes[:, 2], one[2]) - np.maximum(boxes[:, 0], one[0])
    width = np.minimum(boxes[:, 3], one[3]) - np.maximum(boxes[:, 1], one[1])
    common = height * width
    with np.errstate(divide="ignore", invalid="ignore"):
        share = common / (area + own - common)
    return (area > 0) & (own > 0) & (height > 0) & (width > 0) & (share > f32(threshold))


def select(boxes, scores, most, iou_threshold, score_threshold):
    """(22.10): indices of the boxes, the best first."""
    left, picks = scores > f32(score_threshold), []
    while len(picks) < most and left.any():
        best = int(np.argmax(np.where(left, scores, -np.inf)))
        picks.append(best)
        left[best] = False
        left &= ~overlaps(boxes, boxes[best], iou_threshold)
    return picks


def run(case):
    boxes, scores, a = case.inputs[0].data, case.inputs[1].data, case.attributes
    images, classes, n = scores.shape
    rows = []
    for i in range(images):
        places = corners(boxes[i], a["center_point_box"])
        for c in range(classes):
            rows += [(i, c, p) for p in select(places, scores[i, c], a["max_outputs"],
                                               a["iou_threshold"], a["score_threshold"])]
    indices = np.zeros((images * classes * min(n, a["max_outputs"]), 3), np.int64)
    indices[:len(rows)] = np.array(rows, np.int64).reshape(-1, 3)
    return [indices, np.array([len(rows)])]
