"""(3.9) to (3.11)."""

import numpy as np

from models import recipes


def run(case):
    x, out, a = case.inputs[0], case.outputs[0], case.attributes
    quantized = x.type == "int8"
    xs = x.data.astype(np.int64 if quantized else np.float64)
    stride, dilation, pads = recipes.convolution_geometry(a)
    kernel = (a["window_h"], a["window_w"])
    total, count = 0, 0
    for _, _, values, valid in recipes.window_taps(xs, 0, kernel, stride, dilation, pads):
        total = total + values
        count = count + valid.astype(np.int64)[None, :, :, None]
    window = kernel[0] * kernel[1]
    if not quantized:
        divisor = window if a["count_include_pad"] else count
        return [recipes.float_activation(a["activation"], total / divisor)]
    d = count
    if a["count_include_pad"]:
        total, d = total + (window - count) * x.zero_point, np.full_like(count, window)
    if a["round_half_up"]:
        t = (total + 128 * d + d // 2) // d - 128
    else:
        # tdiv: the sign of the quotient and the floor of its magnitude.
        n = np.where(total > 0, total + d // 2, total - d // 2)
        t = np.sign(n) * (np.abs(n) // d)
    return [np.clip(t, *recipes.activation_range(a["activation"], out))]
