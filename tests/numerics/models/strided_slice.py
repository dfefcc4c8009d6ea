"""(10.1)."""

import numpy as np


def indices(n, a, i):
    """The input indices of dimension i, of size n; an int drops the dimension."""
    if i >= a["count"]:
        return np.arange(n)
    t = a["strides"][i]
    begin, end = (v + n if v < 0 else v for v in (a["begin"][i], a["end"][i]))
    if a["shrink_mask"] >> i & 1:
        return begin
    begin_masked, end_masked = a["begin_mask"] >> i & 1, a["end_mask"] >> i & 1
    if t > 0:
        b = 0 if begin_masked else min(max(begin, 0), n)
        e = n if end_masked else min(max(end, 0), n)
        length = max(0, -((b - e) // t))
    else:
        b = n - 1 if begin_masked else min(max(begin, -1), n - 1)
        e = -1 if end_masked else min(max(end, -1), n - 1)
        length = max(0, -((e - b) // -t))
    return b + np.arange(length) * t


def run(case):
    y = case.inputs[0].data
    # From the last dimension on: a dropped one leaves those before it where they are.
    for i in reversed(range(y.ndim)):
        y = np.take(y, indices(y.shape[i], case.attributes, i), axis=i)
    return [y]
