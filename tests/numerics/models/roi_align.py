"""(22.17) to (22.19)."""

import numpy as np

from models.recipes import f32

MAX = 1


def places(begin, end, n, m, a):
    """Coordinates [m, g]."""
    scale, o = f32(a["spatial_scale"]), f32(0.5 if a["half_pixel"] else 0)
    start = begin * scale - o
    length = (end * scale - o) - start
    if not a["half_pixel"]:
        length = max(length, f32(1))
    size = length / f32(m)
    g = a["sampling_ratio"] or int(np.clip(np.ceil(size), 0, -(-2 * n // m)))
    i, p = np.arange(m, dtype=f32)[:, None], np.arange(g, dtype=f32)[None, :]
    return (start + i * size) + (p + f32(0.5)) * size / f32(max(g, 1))


def taps(c, n):
    """Two elements and their weights, each [..., 2]."""
    outside = (c < -1) | (c > n)
    c = np.maximum(np.where(outside, f32(0), c), f32(0))
    low = np.floor(c).astype(np.int64)
    last = low >= n - 1
    low = np.where(last, n - 1, low)
    t = np.where(last, 0, c - low.astype(f32)).astype(np.float64)
    index = np.stack([low, np.where(last, low, low + 1)], -1)
    weight = np.stack([1 - t, t], -1)
    return index, weight * ~outside[..., None]


def run(case):
    x, boxes, batch = (operand.data for operand in case.inputs)
    a = case.attributes
    y = np.zeros((len(boxes), a["out_h"], a["out_w"], x.shape[3]))
    for r, (x1, y1, x2, y2) in enumerate(boxes):
        image = x[batch[r]].astype(np.float64)
        rows, row_weight = taps(places(y1, y2, x.shape[1], a["out_h"], a), x.shape[1])
        columns, column_weight = taps(places(x1, x2, x.shape[2], a["out_w"], a), x.shape[2])
        if rows.shape[1] == 0 or columns.shape[1] == 0:
            continue
        for i in range(a["out_h"]):
            for j in range(a["out_w"]):
                # [places, 2, places, 2, channels]
                terms = image[rows[i][:, :, None, None], columns[j][None, None]]
                terms = terms * row_weight[i][:, :, None, None, None]
                terms = terms * column_weight[j][None, None, :, :, None]
                if a["mode"] == MAX:
                    y[r, i, j] = terms.max((0, 1, 2, 3))
                else:
                    y[r, i, j] = terms.sum((0, 1, 2, 3)) / (rows.shape[1] * columns.shape[1])
    return [y]
