"""(16.2), (16.3)."""

import numpy as np

from models.recipes import f32


def run(case):
    x, scale, bias, running_mean, running_variance = (t.data for t in case.inputs)
    a = case.attributes
    rows = x.reshape(-1, x.shape[-1]).astype(np.float64)
    n = rows.shape[0]
    mu, v = np.mean(rows, axis=0), np.var(rows, axis=0)
    unbiased = v * (n / (n - 1)) if n > 1 else v
    mean, inverse_std = f32(mu), f32(1 / np.sqrt(v + np.float64(f32(a["epsilon"]))))
    y = (x - mean) * (scale * inverse_std) + bias

    def mix(running, batch):
        old = running.astype(np.float64)
        return old + np.float64(f32(a["momentum"])) * (batch - old)

    return [y, mean, inverse_std, mix(running_mean, mu), mix(running_variance, unbiased)]
