"""(18.1), (18.2)."""

import numpy as np

from models import pairs, recipes


def run(case):
    if not pairs.is_float(case):
        return pairs.elementwise(case, lambda a, b: pairs.tdiv(a, b) if b else 0)
    a, b = case.inputs[0].data, case.inputs[1].data
    with np.errstate(all="ignore"):
        return [recipes.float_activation(case.attributes["activation"], a / b)]
