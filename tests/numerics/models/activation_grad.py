"""(17.1)."""

import numpy as np


def run(case):
    dy, y = (t.data.astype(np.float64) for t in case.inputs)
    slope = (
        lambda: y > 0,
        lambda: (y > 0) & (y < 6),
        lambda: (y > -1) & (y < 1),
        lambda: y * (1 - y),
        lambda: 1 - y * y,
    )[case.attributes["kind"]]()
    return [dy * slope]
