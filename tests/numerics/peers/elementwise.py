"""Elementwise operators in PyTorch."""

import numpy as np
import torch
import torch.nn.functional as F

PEERS = {}


def peer(function):
    PEERS[function.__name__.strip("_")] = function
    return function


def tensor(operand):
    """A tensor of the stored values; booleans are normalized, 16-bit floats are such."""
    if operand.type == "boolean":
        return torch.from_numpy(np.asarray(operand.data != 0))
    t = torch.from_numpy(operand.data.copy())
    if operand.type in ("float16", "bfloat16"):
        return t.view(getattr(torch, operand.type))
    return t


def stored(t):
    if t.dtype == torch.bool:
        return t.numpy().astype(np.uint8)
    if t.dtype in (torch.float16, torch.bfloat16):
        return t.view(torch.int16).numpy().view(np.uint16)
    return t.numpy()


def floats(case):
    return case.inputs[0].type == "float32"


def quantized(case):
    return bool(case.outputs[0].scales.size)


def binary(case, function):
    """Only for stored values that stand for themselves."""
    a, b = tensor(case.inputs[0]), tensor(case.inputs[1])
    return None if quantized(case) else [stored(function(a, b))]


def fused(case, y):
    kind = case.attributes["activation"]
    limits = {1: (0, torch.inf), 2: (0, 6), 3: (-1, 1)}
    return torch.clamp(y, *limits[kind]) if kind else y


@peer
def add(case):
    return binary(case, lambda a, b: fused(case, a + b))


@peer
def sub(case):
    return binary(case, lambda a, b: fused(case, a - b))


@peer
def mul(case):
    return binary(case, lambda a, b: fused(case, a * b))


def without_zeros(case, function):
    """Division of integers by 0 is an error there; by -1 it traps for the smallest."""
    if not floats(case) and np.any((case.inputs[1].data == 0) | (case.inputs[1].data == -1)):
        return None
    return binary(case, function)


@peer
def div(case):
    mode = None if floats(case) else "trunc"
    return without_zeros(case, lambda a, b: fused(case, torch.div(a, b, rounding_mode=mode)))


@peer
def floor_div(case):
    # There x // 0 is NaN or infinite by another rule than floor(x / 0).
    if floats(case) and not np.all(case.inputs[1].data):
        return None
    return without_zeros(case, lambda a, b: torch.div(a, b, rounding_mode="floor"))


@peer
def floor_mod(case):
    function = torch.fmod if case.attributes["truncate"] else torch.remainder
    return without_zeros(case, function)


@peer
def minimum(case):
    return binary(case, torch.minimum)


@peer
def maximum(case):
    return binary(case, torch.maximum)


@peer
def pow(case):
    if not floats(case) and np.any(case.inputs[1].data < 0):
        return None
    return binary(case, torch.pow)


@peer
def squared_difference(case):
    return binary(case, lambda a, b: (a - b) * (a - b))


@peer
def compare(case):
    if case.inputs[0].type == "int8":
        real = [(x.data.astype(np.float64) - x.zero_point) * float(x.scale) for x in case.inputs]
        a, b = (torch.from_numpy(np.asarray(x)) for x in real)
    else:
        a, b = (tensor(x) for x in case.inputs)
    names = ["eq", "ne", "lt", "le", "gt", "ge"]
    return [stored(getattr(torch, names[case.attributes["kind"]])(a, b))]


@peer
def logical(case):
    kind = case.attributes["kind"]
    xs = [tensor(x) for x in case.inputs]
    if kind >= 8:  # shifts there bring in the sign and know no limit
        return None
    names = ["logical_and", "logical_or", "logical_xor", "logical_not", "bitwise_and",
             "bitwise_or", "bitwise_xor", "bitwise_not"]
    return [stored(getattr(torch, names[kind])(*xs))]


@peer
def select(case):
    a, b = (torch.from_numpy(np.asarray(x.data)) for x in case.inputs[1:])
    return [torch.where(tensor(case.inputs[0]), a, b).numpy()]


@peer
def prelu(case):
    if not floats(case):
        return None
    x, slope = (tensor(x) for x in case.inputs)
    return [stored(torch.where(x < 0, slope * x, x))]


MATH = ["abs", "neg", "sign", "exp", "log", "sqrt", "rsqrt", "square", "reciprocal", "sin", "cos",
        "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "erf", "floor",
        "ceil", "round", "trunc", "isnan", "isinf"]


@peer
def math(case):
    x, name = case.inputs[0], MATH[case.attributes["kind"]]
    if x.type == "int8" or (name == "sign" and np.any(x.data != x.data)):  # sign(NaN) is 0 there
        return None
    return [stored(getattr(torch, name)(tensor(x)))]


@peer
def activation(case):
    if not floats(case):
        return None
    a, b = case.attributes["alpha"], case.attributes["beta"]
    x = tensor(case.inputs[0])
    functions = [
        F.relu, F.relu6, lambda v: F.hardtanh(v, -1, 1), torch.sigmoid, torch.tanh,
        lambda v: F.hardtanh(v, 0, 1), lambda v: F.hardtanh(v, a, b),
        lambda v: F.leaky_relu(v, a), lambda v: F.elu(v, a),
        lambda v: torch.where(v < 0, b * a * torch.expm1(v), b * v), lambda v: F.celu(v, a),
        lambda v: F.threshold(v, a, 0.0), F.hardswish,
        lambda v: torch.clamp(a * v + b, 0, 1), F.gelu, lambda v: F.gelu(v, approximate="tanh"),
        F.silu, F.mish, F.softplus, F.softsign,
        lambda v: torch.where(v.abs() <= a, 0 * v, v - b * torch.sign(v))
    ]
    kind = case.attributes["kind"]
    # Infinite operands: 0 times infinity, which each library's formula meets elsewhere.
    if kind > 4 and not np.all(np.isfinite(case.inputs[0].data)):
        return None
    return [stored(functions[kind](x))]


@peer
def cast(case):
    x, out = case.inputs[0], case.outputs[0]
    wide = tensor(x).float() if x.type in ("float16", "bfloat16") else tensor(x)
    if out.type == "boolean":
        return [stored(wide != 0)]
    if wide.is_floating_point() and out.type.startswith(("int", "uint")):
        limits = np.iinfo(out.type)
        v = np.trunc(wide.double().numpy())
        if np.any(~(v >= float(limits.min)) | ~(v <= float(limits.max))):
            return None  # undefined there
    if out.type in ("float16", "bfloat16"):
        wide = wide.float()
    return [stored(wide.to(getattr(torch, out.type)))]
