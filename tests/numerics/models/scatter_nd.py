"""(19.15)."""

import numpy as np

from models.scatter import reduced


def run(case):
    y = case.inputs[0].data.copy()
    indices, updates, a = case.inputs[1].data, case.inputs[2].data, case.attributes
    for row in np.ndindex(indices.shape[:-1]):
        at = tuple(indices[row])
        y[at] = reduced(a["reduction"], y[at], updates[row])
    return [y]
