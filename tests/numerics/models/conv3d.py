"""(22.3)."""

import numpy as np

from models import recipes


def run(case):
    a = case.attributes
    x, w, bias = case.inputs[0].data.astype(np.float64), case.inputs[1].data, case.input(2)
    w = w.astype(np.float64)
    outputs, depth, groups = w.shape[0], w.shape[4], a["groups"]
    stride = [a["stride_d"], a["stride_h"], a["stride_w"]]
    dilation = [a["dilation_d"], a["dilation_h"], a["dilation_w"]]
    before = [a["pad_front"], a["pad_top"], a["pad_left"]]
    after = [a["pad_back"], a["pad_bottom"], a["pad_right"]]
    size = [recipes.window(x.shape[i + 1], w.shape[i + 1], stride[i], dilation[i], before[i],
                           after[i]) for i in range(3)]
    padded = np.pad(x, [(0, 0), *zip(before, after), (0, 0)])
    y = np.zeros((x.shape[0], *size, outputs))
    for tap in np.ndindex(*w.shape[1:4]):
        places = tuple(slice(tap[i] * dilation[i],
                             tap[i] * dilation[i] + (size[i] - 1) * stride[i] + 1, stride[i])
                       for i in range(3))
        values = padded[(slice(None), *places)]
        for u in range(groups):
            members = slice(u * (outputs // groups), (u + 1) * (outputs // groups))
            part = values[..., u * depth:(u + 1) * depth]
            y[..., members] += part @ w[(members, *tap)].T
    if bias is not None:
        y = y + bias.data.astype(np.float64)
    return [recipes.float_activation(a["activation"], y)]
