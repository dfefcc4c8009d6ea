"""(14.4)."""

import numpy as np


def taps(size, window, stride, pad, index):
    """Valid places of one dimension for an output index."""
    begin = index * stride - pad
    return range(max(begin, 0), min(begin + window, size))


def windows(a, x_shape, dy_shape):
    """The valid rows and columns of every window in row-major order."""
    for y in range(dy_shape[1]):
        rows = taps(x_shape[1], a["window_h"], a["stride_h"], a["pad_top"], y)
        for x in range(dy_shape[2]):
            yield y, x, rows, taps(x_shape[2], a["window_w"], a["stride_w"], a["pad_left"], x)


def run(case):
    x, dy = case.inputs[0].data, case.inputs[1].data
    dx = np.zeros(x.shape, np.float64)
    image, channel = np.ogrid[:x.shape[0], :x.shape[3]]
    for oy, ox, rows, columns in windows(case.attributes, x.shape, dy.shape):
        values = x[:, rows.start:rows.stop, columns.start:columns.stop]
        flat = values.reshape(x.shape[0], -1, x.shape[3])
        winner = np.argmax(flat, axis=1)  # the first of equal ones
        row, column = rows.start + winner // len(columns), columns.start + winner % len(columns)
        dx[image, row, column, channel] += dy[:, oy, ox]
    return [dx]
