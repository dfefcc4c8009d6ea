"""(21.9) to (21.11)."""

import numpy as np

from models.recipes import f32


def run(case):
    a = case.attributes
    q, k, v = (t.data.astype(np.float64) for t in case.inputs[:3])
    group = q.shape[1] // k.shape[1]
    k, v = (np.repeat(t, group, axis=1) for t in (k, v))
    scale = float(f32(a["scale"])) or 1 / np.sqrt(q.shape[3])
    s = scale * (q @ np.swapaxes(k, 2, 3))
    cap = float(f32(a["softcap"]))
    if cap:
        s = cap * np.tanh(s / cap)
    mask = case.input(3)
    if mask is not None:
        s = s + mask.data.astype(np.float64)
    queries, keys = s.shape[2:]
    if a["causal"]:
        offset = keys - queries if a["causal"] == 1 else 0
        seen = np.arange(keys)[None, :] <= np.arange(queries)[:, None] + offset
        s = np.where(seen, s, -np.inf)
    largest = s.max(-1, keepdims=True)
    weights = np.exp(s - np.where(np.isneginf(largest), 0, largest))
    total = weights.sum(-1, keepdims=True)
    return [(weights / np.where(total == 0, 1, total)) @ v]
