"""Section 8.4."""

import numpy as np

from models.recipes import f32


def run(case):
    x, out = case.inputs[0], case.outputs[0]
    xs = x.data
    if x.type == "boolean":
        xs = (xs != 0).astype(np.int64)
    if out.type == "boolean":
        return [(xs != 0).astype(np.uint8)]  # NaN differs from 0
    if out.type == "float32":
        return [xs.astype(f32)]
    if x.type == "float32":
        return [truncated(xs, out.data.dtype)]
    return [xs.astype(np.int64).astype(out.data.dtype)]


def truncated(xs, target):
    """Toward zero, saturated, NaN gives 0."""
    limits = np.iinfo(target)
    result = np.zeros(xs.shape, np.int64)
    for i, v in np.ndenumerate(xs):
        if np.isnan(v):
            continue
        if np.isinf(v):
            result[i] = limits.max if v > 0 else limits.min
        else:
            result[i] = min(max(int(v), int(limits.min)), int(limits.max))
    return result.astype(target)
