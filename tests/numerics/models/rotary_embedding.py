"""(21.12)."""

import numpy as np


def run(case):
    x, cos, sin = (t.data.astype(np.float64) for t in case.inputs)
    cos, sin = cos[:, :, None, :], sin[:, :, None, :]
    half = x.shape[3] // 2
    y = np.empty_like(x)
    if case.attributes["interleaved"]:
        first, second = np.s_[..., 0::2], np.s_[..., 1::2]
    else:
        first, second = np.s_[..., :half], np.s_[..., half:]
    y[first] = x[first] * cos - x[second] * sin
    y[second] = x[second] * cos + x[first] * sin
    return [y]
