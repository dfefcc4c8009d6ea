"""(17.3)."""

import numpy as np


def scatter(dx, dy, indices, axis, batch_dims):
    if batch_dims > 0:
        for part, dy_part, indices_part in zip(dx, dy, indices):
            scatter(part, dy_part, indices_part, axis - 1, batch_dims - 1)
        return
    flat = dy.reshape(dx.shape[:axis] + (indices.size,) + dx.shape[axis + 1:])
    np.add.at(np.moveaxis(dx, axis, 0), indices.reshape(-1), np.moveaxis(flat, axis, 0))


def run(case):
    dy, indices, x = (t.data for t in case.inputs)
    dx = np.zeros(x.shape, np.float64)
    a = case.attributes
    scatter(dx, dy.astype(np.float64), indices.astype(np.int64), a["axis"], a["batch_dims"])
    return [dx]
