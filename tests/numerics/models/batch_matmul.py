"""(4.3) to (4.6)."""

import numpy as np

from models import recipes
from models.recipes import f32


def run(case):
    a, b, out = case.inputs[0], case.inputs[1], case.outputs[0]
    wide = {"float32": np.float64, "int8": np.int64}.get(a.type, a.data.dtype)
    operands = [x.data.astype(wide) for x in (a, b)]
    for i, name in enumerate(("transpose_a", "transpose_b")):
        if case.attributes[name]:
            operands[i] = np.swapaxes(operands[i], -1, -2)
    if a.type != "int8":
        with np.errstate(over="ignore"):
            return [operands[0] @ operands[1]]
    for i, x in enumerate((a, b)):
        if x.scales.size:
            operands[i] = operands[i] - x.zero_point
    acc = (operands[0] @ operands[1]).astype(np.int32)
    if out.type == "int32":
        return [acc]
    return [recipes.rq(acc, f32(a.scale) * f32(b.scale) / f32(out.scale), out.zero_point, -128, 127)]
