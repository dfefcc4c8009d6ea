"""(21.8)."""

import numpy as np

from models.recipes import f32


def run(case):
    x, a = case.inputs[0].data.astype(np.float64), case.attributes
    channels = x.shape[-1]
    total = np.empty_like(x)
    for c in range(channels):
        near = x[..., max(0, c - a["before"]):min(channels, c + a["after"] + 1)]
        total[..., c] = (near * near).sum(-1)
    base = float(f32(a["bias"])) + float(f32(a["alpha"])) * total
    return [x / base ** float(f32(a["beta"]))]
