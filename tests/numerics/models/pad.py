"""(10.2), (19.5)."""

import numpy as np

from models import recipes
from models.recipes import f32

MODES = ("constant", "reflect", "symmetric", "edge")
WRAP = 4


# NumPy before 1.25 wraps otherwise where a border is longer than the input.
def wrapped(x, widths):
    for axis, (before, after) in enumerate(widths):
        n = x.shape[axis]
        x = np.take(x, np.arange(-before, n + after) % n, axis=axis)
    return x


def run(case):
    x, a = case.inputs[0], case.attributes
    n = a["count"]
    value = a["value"]
    if x.type == "float32":
        fill = f32(value)
    elif x.type == "boolean":
        fill = 1 if value != 0 else 0
    elif x.type in ("int8", "uint8") and x.scales.size:
        fill = recipes.qb(value, x.scale, x.zero_point, x.type)
    else:
        fill = int(value)
    widths = list(zip(a["before"][:n], a["after"][:n]))
    if not widths:  # of rank 0; np.pad wants a dimension
        return [x.data]
    if a["mode"] == WRAP:
        return [wrapped(x.data, widths)]
    if a["mode"] > 0:
        return [np.pad(x.data, widths, mode=MODES[a["mode"]])]
    return [np.pad(x.data, widths, constant_values=fill)]
