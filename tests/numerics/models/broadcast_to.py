"""Section 10, broadcast_to."""

import numpy as np


def run(case):
    return [np.broadcast_to(case.inputs[0].data, case.inputs[1].data.shape)]
