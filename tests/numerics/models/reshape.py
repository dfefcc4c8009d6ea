"""Section 10, reshape."""

import numpy as np


def run(case):
    x, a = case.inputs[0].data, case.attributes
    shape = list(a["shape"][:a["count"]])
    shape = [x.shape[i] if d == 0 else d for i, d in enumerate(shape)]
    if -1 in shape:
        at = shape.index(-1)
        known = int(np.prod([d for i, d in enumerate(shape) if i != at], dtype=np.int64))
        shape[at] = x.size // known
    return [x.reshape(shape)]
