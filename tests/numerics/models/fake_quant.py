"""(22.5), (22.6)."""

import numpy as np

from models.recipes import f32


def run(case):
    x, a = case.inputs[0].data, case.attributes
    first, last = f32(a["narrow_range"]), f32((1 << a["bits"]) - 1)
    low, high = f32(a["min"]), f32(a["max"])
    step = (high - low) / (last - first)
    zero = np.floor(np.clip(first - low / step, first, last) + f32(0.5)).astype(f32)
    lo, hi = (first - zero) * step, (last - zero) * step
    level = np.floor((np.clip(x, lo, hi) - lo) * (f32(1) / step) + f32(0.5))
    return [level.astype(f32) * step + lo]
