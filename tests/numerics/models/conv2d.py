"""(3.1) to (3.4)."""

import numpy as np

from models import recipes


def run(case):
    x, w = case.inputs[0], case.inputs[1]
    out, a = case.outputs[0], case.attributes
    quantized = x.type == "int8"
    kind = np.int64 if quantized else np.float64
    xs, ws = x.data.astype(kind), w.data.astype(kind)
    if quantized:
        xs, ws = xs - x.zero_point, ws - w.zero_point
    channels, kh, kw, depth = ws.shape
    groups = a["groups"]
    per_group = channels // groups
    stride, dilation, pads = recipes.convolution_geometry(a)
    acc = 0
    for i, j, values, _ in recipes.window_taps(xs, 0, (kh, kw), stride, dilation, pads):
        parts = [values[..., u * depth:(u + 1) * depth] @
                 ws[u * per_group:(u + 1) * per_group, i, j].T for u in range(groups)]
        acc = acc + np.concatenate(parts, axis=-1)
    return [finish(case, acc, channels)]


def finish(case, acc, channels):
    """Bias, scale and activation; shared by the three matrix operators."""
    x, w, out = case.inputs[0], case.inputs[1], case.outputs[0]
    bias, requantize = case.input(2), case.input(3)
    activation = case.attributes["activation"]
    if bias is not None:
        acc = acc + bias.data.astype(acc.dtype)
    if x.type != "int8":
        return recipes.float_activation(activation, acc)
    scales = recipes.requantize_scales(x, w, requantize, out, channels)
    low, high = recipes.activation_range(activation, out)
    return recipes.rq(recipes.wrap32(acc), scales, out.zero_point, low, high)
