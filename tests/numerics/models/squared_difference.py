"""(18.1), (18.3)."""

import numpy as np

from models import recipes
from models.recipes import f32


def run(case):
    a, b, out = case.inputs[0], case.inputs[1], case.outputs[0]
    if a.type != "int8":
        with np.errstate(over="ignore"):
            return [(a.data - b.data) * (a.data - b.data)]
    d = (a.data.astype(np.int32) - a.zero_point).astype(f32) * f32(a.scale) - (
        b.data.astype(np.int32) - b.zero_point).astype(f32) * f32(b.scale)
    v = recipes.clamp_or_low((d * d) / f32(out.scale), f32(-128 - out.zero_point),
                             f32(127 - out.zero_point))
    return [np.rint(v).astype(np.int64) + out.zero_point]
