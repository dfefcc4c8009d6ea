"""Shared recipes of core/NUMERICS.md, sections 1 and 2. Written from that page alone."""

import numpy as np

f32 = np.float32
NONE, RELU, RELU6, RELU_N1_TO_1 = 0, 1, 2, 3
LIMITS = {"int8": (-128, 127), "uint8": (0, 255)}


def wrap32(a):
    """The int32 congruent to the int64 (or uint64) a modulo 2^32, as int64."""
    return np.asarray(a).astype(np.int64).astype(np.uint32).view(np.int32).astype(np.int64)


def clamp_or_low(v, low, high):
    """The clamp of (2.1): NaN ends at the lower limit."""
    v = np.where(v > low, v, low)
    return np.where(v > high, high, v)


def rq(acc, scale, zero_point, low, high):
    """(2.1). acc: integers; scale broadcasts against it."""
    with np.errstate(all="ignore"):
        v = np.asarray(acc, np.int64).astype(f32) * np.asarray(scale, f32)
    v = clamp_or_low(v.astype(f32), f32(low - zero_point), f32(high - zero_point))
    return np.rint(v).astype(np.int64) + zero_point


def qb(a, scale, zero_point, kind="int8"):
    """(2.2)."""
    low, high = LIMITS[kind]
    with np.errstate(all="ignore"):
        v = f32(a) / f32(scale)
    v = clamp_or_low(v, f32(low - zero_point), f32(high - zero_point))
    return int(np.rint(v)) + zero_point


def activation_range(activation, tensor):
    """(2.4): limits of the stored values of a quantized output."""
    s, z = tensor.scale, tensor.zero_point
    low, high = LIMITS[tensor.type]
    if activation == RELU:
        low = qb(0, s, z, tensor.type)
    elif activation == RELU6:
        low, high = qb(0, s, z, tensor.type), qb(6, s, z, tensor.type)
    elif activation == RELU_N1_TO_1:
        low, high = qb(-1, s, z, tensor.type), qb(1, s, z, tensor.type)
    return low, high


def float_activation(activation, x):
    """(2.3); NaN passes through."""
    if activation == RELU:
        return np.where(x < 0, 0, x)
    if activation == RELU6:
        return np.where(x < 0, 0, np.where(x > 6, 6, x))
    if activation == RELU_N1_TO_1:
        return np.where(x < -1, -1, np.where(x > 1, 1, x))
    return x


def requantize_scales(x, weights, requantize, out, channels):
    """(3.3): one float32 per output channel."""
    if requantize is not None:
        scales = requantize.data.reshape(-1).astype(f32)
    else:
        scales = (f32(x.scale) * weights.scales) / f32(out.scale)
    return np.broadcast_to(scales.astype(f32), (channels,))


def window(size, extent, stride, dilation, before, after):
    """(2.5)."""
    return (size + before + after - ((extent - 1) * dilation + 1)) // stride + 1


def window_taps(x, fill, kernel, stride, dilation, pads):
    """Yields (i, j, values, valid) for each tap: values [n, oh, ow, c], valid [oh, ow].

    pads: top, left, bottom, right. Invalid taps hold `fill`.
    """
    _, height, width, _ = x.shape
    out_h = window(height, kernel[0], stride[0], dilation[0], pads[0], pads[2])
    out_w = window(width, kernel[1], stride[1], dilation[1], pads[1], pads[3])
    for i in range(kernel[0]):
        rows = np.arange(out_h) * stride[0] - pads[0] + i * dilation[0]
        row_valid = (rows >= 0) & (rows < height)
        for j in range(kernel[1]):
            columns = np.arange(out_w) * stride[1] - pads[1] + j * dilation[1]
            column_valid = (columns >= 0) & (columns < width)
            valid = row_valid[:, None] & column_valid[None, :]
            values = x[:, np.clip(rows, 0, height - 1)][:, :, np.clip(columns, 0, width - 1)]
            yield i, j, np.where(valid[None, :, :, None], values, fill), valid


def convolution_geometry(a):
    """Stride, dilation and pads of a windowed operator's attributes."""
    return ((a["stride_h"], a["stride_w"]), (a.get("dilation_h", 1), a.get("dilation_w", 1)),
            (a["pad_top"], a["pad_left"], a["pad_bottom"], a["pad_right"]))
