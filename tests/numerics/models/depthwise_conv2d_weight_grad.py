"""(14.3)."""

import numpy as np

from models import recipes


def run(case):
    x, dy, a = case.inputs[0].data, case.inputs[1].data.astype(np.float64), case.attributes
    _, kh, kw, outputs = case.inputs[2].data.shape
    stride, dilation, pads = recipes.convolution_geometry(a)
    dw = np.zeros((1, kh, kw, outputs))
    for i, j, values, _ in recipes.window_taps(x.astype(np.float64), 0, (kh, kw), stride, dilation,
                                               pads):
        dw[0, i, j] = np.sum(dy * np.repeat(values, a["multiplier"], axis=-1), axis=(0, 1, 2))
    return [dw]
