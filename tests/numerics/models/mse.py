"""(15.6), (15.7), in double."""

import numpy as np


def run(case):
    difference = case.inputs[0].data.astype(np.float64) - case.inputs[1].data.astype(np.float64)
    return [np.mean(difference**2).reshape(1), 2 * difference / difference.size]
