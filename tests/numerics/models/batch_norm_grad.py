"""(16.4), (16.5)."""

import numpy as np


def run(case):
    dy, x, scale, mean, inverse_std = (t.data.astype(np.float64) for t in case.inputs)
    axes = tuple(range(x.ndim - 1))
    n = x.size / x.shape[-1]
    total, product = np.sum(dy, axis=axes), np.sum(dy * (x - mean), axis=axes)
    level, slope = total / n, product * inverse_std * inverse_std / n
    if case.attributes["frozen"]:
        level, slope = 0, 0
    dx = (dy - level - (x - mean) * slope) * (scale * inverse_std)
    return [dx, product * inverse_std, total]
