"""(9.1) to (9.5)."""

import numpy as np

from models.recipes import f32

HALF_PIXEL, ALIGN_CORNERS = 1, 2


def size(n, m, scale):
    """(9.6)."""
    return m if m else int(np.floor(f32(n) * f32(scale)))


def axis(n, m, mode, scale=0):
    """(9.1) to (9.3) for every output index: i0, i1, t, f."""
    m = size(n, m, scale)
    if mode == ALIGN_CORNERS and m > 1:
        q = f32(n - 1) / f32(m - 1)
    elif scale:
        q = f32(1) / f32(scale)
    else:
        q = f32(n) / f32(m)
    i = np.arange(m).astype(f32)
    c = (i + f32(0.5)) * q - f32(0.5) if mode == HALF_PIXEL else i * q
    c = np.minimum(np.maximum(c, f32(0)), f32(n - 1)).astype(f32)
    i0 = np.floor(c).astype(np.int64)
    t = c - i0.astype(f32)
    return i0, np.minimum(i0 + 1, n - 1), t, np.rint(t * f32(2048)).astype(np.int64)


def run(case):
    x, a = case.inputs[0], case.attributes
    y0, y1, ty, fy = axis(x.data.shape[1], a["out_h"], a["mode"], a["scale_h"])
    x0, x1, tx, fx = axis(x.data.shape[2], a["out_w"], a["mode"], a["scale_w"])
    quantized = x.type == "int8"
    v = x.data.astype(np.int64 if quantized else f32)
    v00, v01 = v[:, y0][:, :, x0], v[:, y0][:, :, x1]
    v10, v11 = v[:, y1][:, :, x0], v[:, y1][:, :, x1]
    columns, rows = (None, None, slice(None), None), (None, slice(None), None, None)
    if not quantized:
        top = v00 + (v01 - v00) * tx[columns]
        bottom = v10 + (v11 - v10) * tx[columns]
        return [top + (bottom - top) * ty[rows]]
    top = (v00 << 11) + (v01 - v00) * fx[columns]
    bottom = (v10 << 11) + (v11 - v10) * fx[columns]
    return [((top << 11) + (bottom - top) * fy[rows] + (1 << 21)) >> 22]
