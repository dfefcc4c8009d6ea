"""Section 18.3."""

import numpy as np

from models import pairs


def shift(case, function):
    bits = 8 * case.inputs[0].data.dtype.itemsize

    def one(a, b):
        return function(a % (1 << bits), b) if 0 <= b < bits else 0

    return pairs.elementwise(case, one)


def run(case):
    kind = case.attributes["kind"]
    a = case.inputs[0].data
    b = case.inputs[1].data if kind not in (3, 7) else None
    if kind < 4:
        a, b = a != 0, b if b is None else b != 0
        functions = [lambda: a & b, lambda: a | b, lambda: a ^ b, lambda: ~a]
        return [functions[kind]().astype(np.uint8)]
    if kind == 8:
        return shift(case, lambda x, n: x << n)
    if kind == 9:
        return shift(case, lambda x, n: x >> n)
    return [[lambda: a & b, lambda: a | b, lambda: a ^ b, lambda: ~a][kind - 4]()]
