"""Section 18.4."""

import numpy as np


def run(case):
    condition, a, b = (operand.data for operand in case.inputs)
    return [np.where(condition != 0, a, b)]
