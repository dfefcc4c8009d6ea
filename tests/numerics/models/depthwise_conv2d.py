"""(3.5), (3.6), (3.3), (3.4)."""

import numpy as np

from models import conv2d, recipes


def run(case):
    x, w, a = case.inputs[0], case.inputs[1], case.attributes
    quantized = x.type == "int8"
    kind = np.int64 if quantized else np.float64
    xs, ws = x.data.astype(kind), w.data.astype(kind)
    if quantized:
        xs, ws = xs - x.zero_point, ws - w.zero_point
    _, kh, kw, channels = ws.shape
    stride, dilation, pads = recipes.convolution_geometry(a)
    acc = 0
    for i, j, values, _ in recipes.window_taps(xs, 0, (kh, kw), stride, dilation, pads):
        acc = acc + np.repeat(values, a["multiplier"], axis=-1) * ws[0, i, j]
    return [conv2d.finish(case, acc, channels)]
