"""(6.4)."""

import numpy as np


def run(case):
    x, a = case.inputs[0].data, case.attributes
    # NumPy takes the first extreme, and the first NaN before every number.
    if a["select_last"]:
        x = np.flip(x, a["axis"])
    best = np.argmax(x, axis=a["axis"])
    if a["select_last"]:
        best = x.shape[a["axis"]] - 1 - best
    return [np.expand_dims(best, a["axis"]) if a["keep_dims"] else best]
