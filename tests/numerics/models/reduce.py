"""(6.1) to (6.3)."""

import numpy as np

from models import recipes
from models.recipes import f32


def run(case):
    x, out, a = case.inputs[0], case.outputs[0], case.attributes
    axes = tuple(a["axes"][:a["axis_count"]])
    keep = bool(a["keep_dims"])
    mean = a["kind"] == 1
    count = int(np.prod([x.data.shape[i] for i in axes], dtype=np.int64))
    if x.type == "float32":
        total = np.sum(x.data.astype(np.float64), axis=axes, keepdims=keep)
        return [total / count if mean else total]
    if x.type != "int8":
        with np.errstate(over="ignore"):
            return [np.sum(x.data, axis=axes, keepdims=keep, dtype=x.data.dtype)]
    acc = np.sum(x.data.astype(np.int64) - x.zero_point, axis=axes, keepdims=keep)
    scale = f32(a["requantize_scale"])
    if scale == 0:
        scale = f32(x.scale) / f32(out.scale)
        if mean:
            scale = scale / f32(count)
    return [recipes.rq(acc, scale, out.zero_point, -128, 127)]
