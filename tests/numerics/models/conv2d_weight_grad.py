"""(14.1)."""

import numpy as np

from models import recipes


def run(case):
    x, dy, a = case.inputs[0].data, case.inputs[1].data.astype(np.float64), case.attributes
    outputs, kh, kw, depth = case.inputs[2].data.shape
    groups = a["groups"]
    per_group = outputs // groups
    stride, dilation, pads = recipes.convolution_geometry(a)
    dw = np.zeros((outputs, kh, kw, depth))
    for i, j, values, _ in recipes.window_taps(x.astype(np.float64), 0, (kh, kw), stride, dilation,
                                               pads):
        for u in range(groups):
            members = slice(u * per_group, (u + 1) * per_group)
            dw[members, i, j] = np.einsum("nyxo,nyxk->ok", dy[..., members],
                                          values[..., u * depth:(u + 1) * depth])
    return [dw]
