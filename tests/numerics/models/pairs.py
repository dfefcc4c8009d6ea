"""(18.1), (18.2): what the operators of two operands share. Not an operator itself."""

import numpy as np


def is_float(case):
    return case.inputs[0].type == "float32"


def operands(case):
    """Both, broadcast; in double for floats, as Python integers otherwise."""
    a, b = np.broadcast_arrays(case.inputs[0].data, case.inputs[1].data)
    kind = np.float64 if is_float(case) else object
    return a.astype(kind), b.astype(kind)


def elementwise(case, function):
    """An integer function of two Python integers, its results modulo the type's size."""
    a, b = operands(case)
    dtype = case.inputs[0].data.dtype
    bits = 8 * dtype.itemsize
    out = np.empty(a.shape, dtype)
    for i in np.ndindex(a.shape):
        value = function(int(a[i]), int(b[i])) % (1 << bits)
        out[i] = value - (1 << bits) if value >= 1 << (bits - 1) else value
    return [out]


def tdiv(a, b):
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient
