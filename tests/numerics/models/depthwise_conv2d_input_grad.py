"""(14.2)."""

import numpy as np

from models import recipes, transpose_conv2d


def run(case):
    dy, w, a = case.inputs[0].data, case.inputs[1].data.astype(np.float64), case.attributes
    n, height, width, channels = case.inputs[2].data.shape
    _, kh, kw, outputs = w.shape
    stride, dilation, pads = recipes.convolution_geometry(a)
    dx = np.zeros((n, height, width, outputs))
    for i in range(kh):
        rows, to_rows = transpose_conv2d.places(height, i, stride[0], dilation[0], pads[0],
                                                dy.shape[1])
        for j in range(kw):
            columns, to_columns = transpose_conv2d.places(width, j, stride[1], dilation[1], pads[1],
                                                          dy.shape[2])
            dx[np.ix_(range(n), to_rows, to_columns)] += (
                dy.astype(np.float64)[:, rows][:, :, columns] * w[0, i, j])
    return [dx.reshape(n, height, width, channels, a["multiplier"]).sum(axis=-1)]
