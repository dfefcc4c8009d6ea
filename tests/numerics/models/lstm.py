"""(20.4) to (20.7); int8: (20.19) to (20.24)."""

import numpy as np

from models import fixed_point as fp
from models import recurrent

# Gates that have rows, by coupling.
GATES = {0: "ifgo", 1: "igo", 2: "fgo"}


def normalized(a, k, b):
    """(20.4)"""
    distance = a - a.mean()
    return distance / np.sqrt((distance**2).mean() + np.float64(np.float32(1e-8))) * k + b


def limited(v, limit):
    return np.clip(v, -limit, limit) if limit else v


def rows(tensor, gates):
    """Per gate, None for an operand that is absent."""
    if tensor is None:
        return dict.fromkeys(gates)
    return dict(zip(gates, np.split(tensor.data, len(gates)), strict=True))


def run_real(case):
    attributes = case.attributes
    gates = GATES[attributes["coupling"]]
    out = case.input(2).data.shape[1]
    n = case.input(2).data.shape[0] // len(gates)
    w, r, bias, norm = (
        {g: v if v is None else v.astype(np.float64) for g, v in rows(case.input(i), gates).items()}
        for i in (1, 2, 3, 9)
    )
    peephole = rows(case.input(6), gates.replace("g", ""))
    projection, projection_bias = case.input(7), recurrent.real(case.input(8), out)
    gate, cell, output = recurrent.activations(attributes)
    batch = recurrent.batch_of(case)

    def value(g, x, h, c):
        b = 0 if bias[g] is None else bias[g]
        a = w[g] @ x + r[g] @ h + (b if norm[g] is None else 0)
        if peephole.get(g) is not None:
            a = a + peephole[g] * c
        if norm[g] is not None:
            a = normalized(a, norm[g], b)
        return (cell if g == "g" else gate)(a)

    def step(x, h, c):
        v = {g: value(g, x, h, c) for g in gates if g != "o"}
        v.setdefault("f", 1 - v.get("i", 0))
        v.setdefault("i", 1 - v["f"])
        c = limited(v["f"] * c + v["i"] * v["g"], attributes["cell_clip"])
        t = value("o", x, h, c) * output(c)
        if projection is None:
            return [t, c]
        h = projection_bias + recurrent.real(projection) @ t
        return [limited(h, attributes["projection_clip"]), c]

    states = [recurrent.real(case.input(4), (batch, out)), recurrent.real(case.input(5), (batch, n))]
    return recurrent.walk(case, case.input(10), states, step, out)


def truncated(limit, scale, most):
    """(20.19)"""
    return int(min(np.float32(limit) / np.float32(scale), np.float32(most)))


def run_quantized(case):
    attributes = case.attributes
    gates = GATES[attributes["coupling"]]
    out = case.input(2).data.shape[1]
    n = case.input(2).data.shape[0] // len(gates)
    w, r, bias = (rows(case.input(i), gates) for i in (1, 2, 3))
    peephole = rows(case.input(6), gates.replace("g", ""))
    projection, projection_bias = case.input(7), case.input(8)
    scales = attributes["scales"]
    y, last_c = case.outputs[0], case.outputs[2]
    e = int(np.frexp(last_c.scale)[1]) - 1
    cell_clip = truncated(attributes["cell_clip"], last_c.scale, 32767)
    projection_clip = truncated(attributes["projection_clip"], y.scale, 127)
    t_zero = attributes["hidden_zero_point"]

    def value(g, x, h, c):
        place = "ifgo".index(g)
        b = 0 if bias[g] is None else bias[g]
        a = fp.sat16(fp.mul(fp.acc(w[g], x, case.input(0).zero_point, b), scales[place]))
        a = fp.sat16(fp.mul(fp.acc(r[g], h, y.zero_point, 0), scales[4 + place]) + a)
        if peephole.get(g) is not None:
            a = fp.sat16(fp.mul(peephole[g].astype(np.int64) * c, scales[8 + "ifo".index(g)]) + a)
        return fp.tanh16(a, 3) if g == "g" else fp.sigmoid16(a)

    def step(x, h, c):
        v = {g: value(g, x, h, c) for g in gates if g != "o"}
        v.setdefault("f", 32767 - v.get("i", 0))
        v.setdefault("i", 32767 - v["f"])
        kept = fp.wrap16(fp.rshift(v["f"] * c, 15))
        c = fp.sat16(kept + fp.wrap16(fp.rshift(v["i"] * v["g"], 30 + e)))
        c = limited(c, cell_clip)
        t = fp.mul(value("o", x, h, c) * fp.tanh16(c, 15 + e), scales[15]) + t_zero
        t = np.clip(t, -128, 127)
        if projection is None:
            return [t, c]
        b = 0 if projection_bias is None else projection_bias.data
        h = fp.mul(fp.acc(projection.data, t, t_zero, b), scales[16]) + y.zero_point
        return [limited(np.clip(h, -128, 127), projection_clip), c]

    batch = recurrent.batch_of(case)
    h0, c0 = case.input(4), case.input(5)
    states = [
        np.full((batch, out), y.zero_point, np.int64) if h0 is None else h0.data.astype(np.int64),
        np.zeros((batch, n), np.int64) if c0 is None else c0.data.astype(np.int64),
    ]
    return recurrent.walk(case, case.input(10), states, step, out, y.zero_point)


def run(case):
    return run_real(case) if case.input(0).type == "float32" else run_quantized(case)
