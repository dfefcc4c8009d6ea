"""(19.14)."""

import numpy as np

from models.scatter import reduced


def run(case):
    y = case.inputs[0].data.copy()
    indices, updates, a = case.inputs[1].data, case.inputs[2].data, case.attributes
    for place in np.ndindex(indices.shape):
        at = list(place)
        at[a["axis"]] = indices[place]
        at = tuple(at)
        y[at] = reduced(a["reduction"], y[at], updates[place])
    return [y]
