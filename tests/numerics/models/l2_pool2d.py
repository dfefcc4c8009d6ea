"""(22.4)."""

import numpy as np

from models import recipes


def run(case):
    x, a = case.inputs[0].data.astype(np.float64), case.attributes
    stride, _, pads = recipes.convolution_geometry(a)
    kernel = (a["window_h"], a["window_w"])
    total, count = 0, 0
    for _, _, values, valid in recipes.window_taps(x, 0, kernel, stride, (1, 1), pads):
        total = total + values * values
        count = count + valid
    divisor = kernel[0] * kernel[1] if a["count_include_pad"] else count[None, :, :, None]
    return [recipes.float_activation(a["activation"], np.sqrt(total / divisor))]
