"""(20.10) to (20.17), (20.20), on arrays of int64."""

import numpy as np

E = (25520, 19875, 12055, 4435, 600, 11, 0)


def wrap(a, bits):
    half = 1 << (bits - 1)
    return (np.asarray(a, np.int64) + half) % (2 * half) - half


def wrap16(a):
    return wrap(a, 16)


def wrap32(a):
    return wrap(a, 32)


def sat16(a):
    return np.clip(a, -(1 << 15), (1 << 15) - 1)


def tdiv(a, b):
    return np.sign(a) * (np.abs(a) // b)


def rshift(a, k):
    a = np.asarray(a, np.int64)
    return a if k == 0 else np.sign(a) * ((np.abs(a) + (1 << (k - 1))) >> k)


def high(a, b, bits):
    product = np.asarray(a, np.int64) * b
    half = 1 << (bits - 2)
    result = tdiv(product + np.where(product >= 0, half, 1 - half), 2 * half)
    return np.minimum(result, 2 * half - 1)


def high16(a, b):
    return high(a, b, 16)


def mul(a, scale):
    """(20.12)"""
    fraction, e = np.frexp(np.float64(np.float32(scale)))
    m, e = (0, 0) if fraction == 0 or e < -31 else (int(fraction * 2**31), int(e))
    if e > 0:
        return high(wrap32(np.asarray(a, np.int64) * (1 << e)), m, 32)
    return rshift(high(a, m, 32), -e)


def acc(w, v, zero, bias):
    """(20.20)"""
    return wrap32(w.astype(np.int64) @ (v.astype(np.int64) - zero) + bias)


def exp_quarter(a):
    x = a + 4096
    x2 = high16(x, x)
    x3, x4 = high16(x2, x), high16(x2, x2)
    t = rshift(high16(rshift(x4, 2) + x3, 10923) + x2, 1)
    return sat16(28918 + high16(28918, x + t))


def exp_neg(a, k):
    bits = 15 - k
    p = 1 << (bits - 2)
    u = a % p - p
    e = exp_quarter(sat16(u << k))
    d = wrap16(u - a)
    for j in range(-2, min(4, k - 1) + 1):
        e = np.where(d >> (bits + j) & 1, high16(e, E[j + 2]), e)
    if k > 5:
        e = np.where(a < -(1 << (20 - k)), 0, e)
    return np.where(a == 0, 32767, e)


def recip(a):
    s = a + 32767
    b = tdiv(s + np.where(s >= 0, 1, -1), 2)
    x = wrap16(23130 + high16(b, -15420))
    for _ in range(3):
        x = wrap16(x + sat16(4 * high16(x, wrap16(8192 - high16(b, x)))))
    return x


def sigmoid16(a):
    m = wrap16(np.abs(a))
    s = sat16(2 * recip(exp_neg(wrap16(-m), 3)))
    return np.where(a == 0, 16384, np.where(a > 0, s, 32767 - s))


def tanh16(a, k):
    t = sat16(4 * wrap16(recip(exp_neg(-np.abs(a), k + 1)) - 8192))
    return np.where(a == 0, 0, np.where(a > 0, t, -t))
