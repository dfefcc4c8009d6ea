"""(20.25), (20.26); int8: (20.27)."""

import numpy as np

from models import fixed_point as fp
from models import recipes

REAL_RANGES = {0: (-np.inf, np.inf), 1: (0, np.inf), 2: (0, 6), 3: (-1, 1)}


def shifted(case, features):
    """(20.25): the state as [batch, F, M] with the new features last."""
    filters, memory = case.input(2).data.shape
    old = case.input(3).data.reshape(-1, filters, memory)
    return np.concatenate([old[:, :, 1:], features[:, :, None]], 2)


def units(case, values):
    rank = case.attributes["rank"]
    total = values.reshape(values.shape[0], -1, rank).sum(2)
    return total if case.input(4) is None else total + case.input(4).data


def run(case):
    x, feature, time = (case.input(i) for i in range(3))
    activation = case.attributes["activation"]
    if x.type == "float32":
        state = shifted(case, x.data.astype(np.float64) @ feature.data.T.astype(np.float64))
        y = units(case, (state * time.data).sum(2))
        return [np.clip(y, *REAL_RANGES[activation]), state.reshape(state.shape[0], -1)]
    features = np.stack([fp.acc(feature.data, row, x.zero_point, 0) for row in x.data])
    state = shifted(case, fp.sat16(fp.mul(features, case.attributes["feature_scale"])))
    total = fp.wrap32(units(case, (state.astype(np.int64) * time.data).sum(2)))
    y = case.outputs[0]
    y_value = fp.mul(total, case.attributes["time_scale"]) + y.zero_point
    low, high = recipes.activation_range(activation, y)
    return [np.clip(y_value, low, high), state.reshape(state.shape[0], -1)]
