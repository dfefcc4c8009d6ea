"""(6.1) to (6.3), (19.1) to (19.4)."""

import numpy as np

from models import recipes
from models.recipes import f32

SUM, MEAN, MAX, MIN, PROD, L1, L2, LOG_SUM, LOG_SUM_EXP, SUM_SQUARE, ANY, ALL = range(12)


def fold(x, kind, axes, keep):
    over = {"axis": axes, "keepdims": keep}
    if kind == MAX:
        return np.max(x, **over)
    if kind == MIN:
        return np.min(x, **over)
    if kind == PROD:
        return np.prod(x, dtype=x.dtype, **over)
    if kind == L1:
        return np.sum(np.abs(x), dtype=x.dtype, **over)
    if kind == L2:
        return np.sqrt(np.sum(x * x, **over))
    if kind == LOG_SUM:
        return np.log(np.sum(x, **over))
    if kind == LOG_SUM_EXP:
        most = np.max(x, axis=axes, keepdims=True)
        total = np.sum(np.exp(x - most), **over)
        return (most if keep else np.squeeze(most, axes)) + np.log(total)
    if kind == SUM_SQUARE:
        return np.sum(x * x, dtype=x.dtype, **over)
    return (np.any if kind == ANY else np.all)(x != 0, **over)


def run(case):
    x, out, a = case.inputs[0], case.outputs[0], case.attributes
    axes = tuple(a["axes"][:a["axis_count"]])
    keep = bool(a["keep_dims"])
    if a["kind"] > MEAN:
        data = x.data.astype(np.float64) if x.type == "float32" else x.data
        with np.errstate(over="ignore"):
            return [fold(data, a["kind"], axes, keep)]
    mean = a["kind"] == MEAN
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
