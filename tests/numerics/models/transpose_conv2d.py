"""(3.12) to (3.14)."""

import numpy as np

from models import conv2d, recipes


def places(size, tap, stride, dilation, pad, count):
    """For one axis: which outputs a tap of the input's `count` places reaches, and from where."""
    source = np.arange(count)
    target = source * stride - pad + tap * dilation
    inside = (target >= 0) & (target < size)
    return source[inside], target[inside]


def run(case):
    a, like = case.attributes, case.input(4)
    quantized = case.inputs[0].type == "int8"
    kind = np.int64 if quantized else np.float64
    x, w = [o.data.astype(kind) - (o.zero_point if quantized else 0) for o in case.inputs[:2]]
    inputs, kh, kw, depth = w.shape
    groups = a["groups"]
    per_group = inputs // groups
    stride, dilation, (top, left, bottom, right) = recipes.convolution_geometry(a)
    if like is not None:
        height, width = like.data.shape[1:3]
    else:
        height = (x.shape[1] - 1) * stride[0] + (kh - 1) * dilation[0] + 1 - top - bottom
        width = (x.shape[2] - 1) * stride[1] + (kw - 1) * dilation[1] + 1 - left - right
    y = np.zeros((x.shape[0], height, width, depth * groups), kind)
    for i in range(kh):
        rows, to_rows = places(height, i, stride[0], dilation[0], top, x.shape[1])
        for j in range(kw):
            columns, to_columns = places(width, j, stride[1], dilation[1], left, x.shape[2])
            for u in range(groups):
                members = slice(u * per_group, (u + 1) * per_group)
                part = x[:, rows][:, :, columns][..., members] @ w[members, i, j]
                y[np.ix_(range(x.shape[0]), to_rows, to_columns,
                         range(u * depth, (u + 1) * depth))] += part
    return [conv2d.finish(case, y, depth * groups)]
