"""(4.1), (4.2)."""

import numpy as np

from models import conv2d


def run(case):
    x, w = case.inputs[0], case.inputs[1]
    quantized = x.type == "int8"
    kind = np.int64 if quantized else np.float64
    xs, ws = x.data.astype(kind), w.data.astype(kind)
    if quantized:
        xs, ws = xs - x.zero_point, ws - w.zero_point
    return [conv2d.finish(case, xs @ ws.T, ws.shape[0])]
