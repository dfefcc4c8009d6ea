"""(18.1), (18.2)."""

import numpy as np

from models import pairs


def run(case):
    truncate = case.attributes["truncate"]
    if not pairs.is_float(case):

        def modulo(a, b):
            if b == 0:
                return 0
            return a - b * (pairs.tdiv(a, b) if truncate else a // b)

        return pairs.elementwise(case, modulo)
    a, b = case.inputs[0].data, case.inputs[1].data
    with np.errstate(all="ignore"):
        r = np.fmod(a, b)
        return [r if truncate else np.where((r != 0) & ((r < 0) != (b < 0)), r + b, r)]
