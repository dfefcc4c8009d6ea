"""(19.10)."""

import numpy as np


def run(case):
    a = case.attributes
    return [np.flip(case.inputs[0].data, a["axes"][:a["count"]])]
