"""(21.5), (21.6)."""

import numpy as np

from models.recipes import f32


def run(case):
    x, a = case.inputs[0].data.astype(np.float64), case.attributes
    grouped = x.reshape(x.shape[0], -1, a["groups"], x.shape[-1] // a["groups"])
    d = grouped - grouped.mean((1, 3), keepdims=True)
    variance = (d * d).mean((1, 3), keepdims=True)
    y = (d / np.sqrt(variance + float(f32(a["epsilon"])))).reshape(x.shape)
    scale, bias = case.input(1), case.input(2)
    if scale is not None:
        y = y * scale.data
    return [y if bias is None else y + bias.data]
