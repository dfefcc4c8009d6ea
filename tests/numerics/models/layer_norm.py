"""(21.2), (21.3)."""

import numpy as np

from models.recipes import f32


def run(case):
    x, a = case.inputs[0].data.astype(np.float64), case.attributes
    axes = tuple(range(x.ndim - a["axis_count"], x.ndim))
    d = x - x.mean(axes, keepdims=True)
    y = d / np.sqrt((d * d).mean(axes, keepdims=True) + float(f32(a["epsilon"])))
    scale, bias = case.input(1), case.input(2)
    if scale is not None:
        y = y * scale.data
    return [y if bias is None else y + bias.data]
