"""Normalization and attention: PyTorch's functions, in double."""

import numpy as np
import torch
import torch.nn.functional as F


def tensor(t):
    return None if t is None else torch.from_numpy(np.array(t.data, np.float64))


def last_axes(case):
    x, count = tensor(case.inputs[0]), case.attributes["axis_count"]
    return x, x.shape[x.ndim - count:]


def layer_norm(case):
    x, shape = last_axes(case)
    scale, bias = tensor(case.input(1)), tensor(case.input(2))
    return [F.layer_norm(x, shape, scale, bias, float(case.attributes["epsilon"])).numpy()]


def rms_norm(case):
    x, shape = last_axes(case)
    return [F.rms_norm(x, shape, tensor(case.input(1)), float(case.attributes["epsilon"])).numpy()]


def group_norm(case):
    x = torch.movedim(tensor(case.inputs[0]), -1, 1)
    a = case.attributes
    if x[0].numel() == a["groups"]:
        return None  # one value per group is an error there
    y = F.group_norm(x, a["groups"], tensor(case.input(1)), tensor(case.input(2)),
                     float(a["epsilon"]))
    return [torch.movedim(y, 1, -1).numpy()]


def l2_normalize(case):
    epsilon = float(case.attributes["epsilon"])
    # PyTorch divides rows of zeros by epsilon, also by 0.
    return None if epsilon == 0 else [F.normalize(tensor(case.inputs[0]), dim=-1,
                                                  eps=epsilon).numpy()]


def log_softmax(case):
    return [F.log_softmax(tensor(case.inputs[0]) * float(case.attributes["beta"]), -1).numpy()]


def local_response_norm(case):
    """PyTorch's window of n has n // 2 channels before and (n - 1) // 2 behind."""
    a, x = case.attributes, tensor(case.inputs[0])
    size = a["before"] + a["after"] + 1
    if x.ndim < 2 or size > 100 or a["before"] != size // 2:
        return None
    x = torch.movedim(x[None], -1, 1)
    y = F.local_response_norm(x, size, alpha=float(a["alpha"]) * size, beta=float(a["beta"]),
                              k=float(a["bias"]))
    return [torch.movedim(y, 1, -1)[0].numpy()]


def attention(case):
    a = case.attributes
    q, k, v = (tensor(t) for t in case.inputs[:3])
    # PyTorch has no soft cap, and gives a NaN for queries that see nothing.
    if a["softcap"] != 0 or (a["causal"] == 1 and k.shape[2] < q.shape[2]):
        return None
    mask = tensor(case.input(3))
    if mask is not None and torch.isneginf(mask).any():
        return None
    if mask is None:
        mask = torch.zeros((), dtype=torch.float64)
    if a["causal"]:
        offset = k.shape[2] - q.shape[2] if a["causal"] == 1 else 0
        seen = torch.ones(q.shape[2], k.shape[2], dtype=torch.bool).tril(offset)
        mask = torch.where(seen, mask, -torch.inf)
    mask = mask.expand(*q.shape[:3], k.shape[2])
    scale = float(a["scale"]) or None
    return [F.scaled_dot_product_attention(q, k, v, mask, scale=scale, enable_gqa=True).numpy()]


def batch_matmul(case):
    if case.inputs[0].type != "float32":
        return None
    operands = [tensor(t) for t in case.inputs]
    for i, name in enumerate(("transpose_a", "transpose_b")):
        if case.attributes[name]:
            operands[i] = operands[i].mT
    return [torch.matmul(*operands).numpy()]


PEERS = {
    "attention": attention,
    "batch_matmul": batch_matmul,
    "group_norm": group_norm,
    "l2_normalize": l2_normalize,
    "layer_norm": layer_norm,
    "local_response_norm": local_response_norm,
    "log_softmax": log_softmax,
    "rms_norm": rms_norm,
}
