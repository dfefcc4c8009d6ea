"""(14.5)."""

import numpy as np

from models.max_pool2d_grad import windows


def run(case):
    dy, shape, a = case.inputs[0].data, case.inputs[1].data.shape, case.attributes
    dx = np.zeros(shape, np.float64)
    for y, x, rows, columns in windows(a, shape, dy.shape):
        d = len(rows) * len(columns)
        if a["count_include_pad"]:
            d = a["window_h"] * a["window_w"]
        share = dy[:, y, x].astype(np.float64) / d
        dx[:, rows.start:rows.stop, columns.start:columns.stop] += share[:, None, None]
    return [dx]
