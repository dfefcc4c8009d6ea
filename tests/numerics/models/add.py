"""(5.1), (5.2), (5.3) to (5.7)."""

import math

import numpy as np

from models import recipes
from models.recipes import f32


def run(case):
    return [binary(case, 1)]


def binary(case, sign):
    """sign: 1 for add, -1 for sub."""
    a, b, out = case.inputs[0], case.inputs[1], case.outputs[0]
    activation = case.attributes["activation"]
    if a.type == "float32":
        return recipes.float_activation(activation, a.data + f32(sign) * b.data)
    if a.type != "int8":
        with np.errstate(over="ignore"):  # modulo, (5.2)
            return a.data + b.data if sign > 0 else a.data - b.data
    ra, rb = f32(a.scale) / f32(out.scale), f32(b.scale) / f32(out.scale)
    exponent = math.frexp(max(ra, rb))[1] - 1  # floor(log2 r)
    k = 20 - exponent
    ma = int(np.rint(float(ra) * 2.0**k))
    mb = int(np.rint(float(rb) * 2.0**k))
    acc = (a.data.astype(np.int64) - a.zero_point) * ma + sign * (
        b.data.astype(np.int64) - b.zero_point) * mb + (1 << (k - 1))
    low, high = recipes.activation_range(activation, out)
    return np.clip((acc >> k) + out.zero_point, low, high)
