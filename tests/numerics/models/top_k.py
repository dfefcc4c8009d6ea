"""(19.7)."""

import numpy as np


def run(case):
    x, a = case.inputs[0], case.attributes
    data = x.data.astype(np.float64 if x.type == "float32" else np.int64)
    # A stable sort keeps the order of equal elements.
    order = np.argsort(data if a["smallest"] else -data, axis=a["axis"], kind="stable")
    places = np.take(order, np.arange(a["k"]), axis=a["axis"])
    return [np.take_along_axis(x.data, places, axis=a["axis"]), places]
