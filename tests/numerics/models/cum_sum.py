"""(19.6)."""

import numpy as np


def run(case):
    x, a = case.inputs[0], case.attributes
    data = x.data.astype(np.float64) if x.type == "float32" else x.data
    data = np.moveaxis(data, a["axis"], 0)
    if a["reverse"]:
        data = data[::-1]
    with np.errstate(over="ignore"):
        y = np.cumsum(data, axis=0, dtype=data.dtype)
        if a["exclusive"]:
            y = np.concatenate([np.zeros_like(y[:1]), y[:-1]])
    if a["reverse"]:
        y = y[::-1]
    return [np.moveaxis(y, 0, a["axis"])]
