"""(22.14) to (22.16)."""

import numpy as np

from models.recipes import f32

NEAREST, BICUBIC = 1, 2
ZEROS, BORDER = 0, 1


def place(g, n, corners):
    n = f32(n)
    one, two = f32(1), f32(2)
    return (g + one) / two * (n - one) if corners else ((g + one) * n - one) / two


def folded(c, n, padding, corners):
    last = f32(n - 1)
    if padding == ZEROS:
        return c
    if padding != BORDER:
        low, high = (f32(0), last) if corners else (f32(-0.5), last + f32(0.5))
        span = high - low
        if span <= 0:
            return np.zeros_like(c)
        start = np.fmod(np.abs(c - low), f32(2) * span)
        c = np.where(start > span, f32(2) * span - start, start) + low
    return np.clip(c, f32(0), last)


def cubic(t):
    a = -0.75
    x = np.abs(np.stack([t + 1, t, 1 - t, 2 - t]))
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return np.stack([far[0], near[1], near[2], far[3]])


def taps(g, n, a):
    """Indices [k, ...], whether they are inside, and weights."""
    padding, corners = a["padding"], a["align_corners"]
    c = place(g, n, corners)
    if a["mode"] != BICUBIC:
        c = folded(c, n, padding, corners)
    if a["mode"] == NEAREST:
        index, weights = np.rint(c)[None], np.ones((1,) + c.shape)
    else:
        floor = np.floor(c)
        t = (c - floor).astype(np.float64)
        if a["mode"] == BICUBIC:
            index, weights = np.stack([floor + k for k in (-1, 0, 1, 2)]), cubic(t)
        else:
            index, weights = np.stack([floor, floor + 1]), np.stack([1 - t, t])
    index = index.astype(f32)
    inside = (index >= 0) & (index < n)
    if padding != ZEROS:
        index = folded(index, n, padding, corners)
        inside[:] = True
    return np.clip(index, 0, n - 1).astype(np.int64), inside, weights


def run(case):
    x, grid, a = case.inputs[0].data.astype(np.float64), case.inputs[1].data, case.attributes
    rows, row_in, row_weight = taps(grid[..., 1], x.shape[1], a)
    columns, column_in, column_weight = taps(grid[..., 0], x.shape[2], a)
    batch = np.arange(x.shape[0])[:, None, None]
    y = np.zeros(grid.shape[:3] + x.shape[3:])
    for i in range(len(rows)):
        for j in range(len(columns)):
            weight = row_weight[i] * column_weight[j] * row_in[i] * column_in[j]
            y += x[batch, rows[i], columns[j]] * weight[..., None]
    return [y]
