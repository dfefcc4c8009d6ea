"""(4.3)."""

import numpy as np


def run(case):
    operands = [x.data.astype(np.float64) for x in case.inputs]
    for i, name in enumerate(("transpose_a", "transpose_b")):
        if case.attributes[name]:
            operands[i] = np.swapaxes(operands[i], -1, -2)
    return [operands[0] @ operands[1]]
