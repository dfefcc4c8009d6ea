"""(22.1), (22.2)."""

import numpy as np

from models import resize_bilinear
from models.recipes import f32


def indices(n, m, mode, scale, rounding):
    m = resize_bilinear.size(n, m, scale)
    if mode == resize_bilinear.ALIGN_CORNERS and m > 1:
        q = f32(n - 1) / f32(m - 1)
    elif scale:
        q = f32(1) / f32(scale)
    else:
        q = f32(n) / f32(m)
    i = np.arange(m).astype(f32)
    half = mode == resize_bilinear.HALF_PIXEL
    c = ((i + f32(0.5)) * q - f32(0.5) if half else i * q).astype(np.float64)
    chosen = [np.floor(c), np.ceil(c), np.ceil(c - 0.5), np.floor(c + 0.5)][rounding]
    return np.clip(chosen, 0, n - 1).astype(np.int64)


def run(case):
    x, a = case.inputs[0].data, case.attributes
    rows = indices(x.shape[1], a["out_h"], a["mode"], a["scale_h"], a["rounding"])
    columns = indices(x.shape[2], a["out_w"], a["mode"], a["scale_w"], a["rounding"])
    return [x[:, rows][:, :, columns]]
