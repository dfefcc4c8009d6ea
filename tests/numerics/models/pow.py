"""(18.1), (18.2)."""

import numpy as np

from models import pairs


def power(a, b):
    if b >= 0:
        return pow(a, b, 1 << 64)  # a multiple of either type's size
    if a in (1, -1):
        return a if b % 2 else 1
    return 0


def run(case):
    if not pairs.is_float(case):
        return pairs.elementwise(case, power)
    a, b = pairs.operands(case)
    with np.errstate(all="ignore"):
        return [np.power(a, b).astype(np.float32)]
