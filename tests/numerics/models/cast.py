"""Section 8.4."""

import numpy as np

from models.recipes import f32


def run(case):
    x, out = case.inputs[0], case.outputs[0]
    xs = x.data
    if x.type == "boolean":
        xs = (xs != 0).astype(np.int64)
    elif x.type == "float16":
        xs = xs.view(np.float16).astype(f32)
    elif x.type == "bfloat16":
        xs = (xs.astype(np.uint32) << 16).view(f32)
    if out.type == "boolean":
        return [(xs != 0).astype(np.uint8)]  # NaN differs from 0
    if out.type == "float32":
        return [xs.astype(f32)]
    if out.type == "float16":
        with np.errstate(over="ignore"):
            return [xs.astype(f32).astype(np.float16).view(np.uint16)]
    if out.type == "bfloat16":
        return [bfloat16_bits(xs.astype(f32))]
    if xs.dtype == f32:
        return [truncated(xs, out.data.dtype)]
    return [xs.astype(np.int64).astype(out.data.dtype)]


def bfloat16_bits(xs):
    """To nearest even: of the two neighbours the nearer one, of a tie that with an even last bit."""
    bits = xs.view(np.uint32).astype(np.int64)
    low, rest = bits >> 16, bits & 0xFFFF
    up = (rest > 0x8000) | ((rest == 0x8000) & (low % 2 == 1))
    return np.where(np.isnan(xs), 0x7FC0, low + up).astype(np.uint16)


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
