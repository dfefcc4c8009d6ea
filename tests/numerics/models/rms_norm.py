"""(21.4)."""

import numpy as np

from models.recipes import f32


def run(case):
    x, a = case.inputs[0].data.astype(np.float64), case.attributes
    axes = tuple(range(x.ndim - a["axis_count"], x.ndim))
    y = x / np.sqrt((x * x).mean(axes, keepdims=True) + float(f32(a["epsilon"])))
    scale = case.input(1)
    return [y if scale is None else y * scale.data]
