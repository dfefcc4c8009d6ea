"""(19.9)."""

import numpy as np


def run(case):
    x, a = case.inputs[0].data, case.attributes
    rows = np.arange(x.shape[-2], dtype=np.int64)[:, None]
    beyond = np.arange(x.shape[-1], dtype=np.int64) - rows
    kept = beyond >= a["diagonal"] if a["upper"] else beyond <= a["diagonal"]
    return [np.where(kept, x, np.zeros_like(x))]
