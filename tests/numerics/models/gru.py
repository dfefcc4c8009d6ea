"""(20.8)."""

import numpy as np

from models import recurrent


def run(case):
    _, w, r, bias, candidate_bias, h0, lengths = (case.input(i) for i in range(7))
    n = r.data.shape[1]
    w, r, bias = recurrent.real(w), recurrent.real(r), recurrent.real(bias, 3 * n)
    candidate_bias = recurrent.real(candidate_bias, n)
    h0 = recurrent.real(h0, (recurrent.batch_of(case), n))
    gate, cell, _ = recurrent.activations(case.attributes)
    linear = case.attributes["linear_before_reset"]

    def step(x, h):
        a = bias + w @ x
        z, q = np.split(gate(a[: 2 * n] + r[: 2 * n] @ h), 2)
        inner = r[2 * n :]
        g = q * (candidate_bias + inner @ h) if linear else inner @ (q * h)
        g = cell(a[2 * n :] + g)
        return [(1 - z) * g + z * h]

    return recurrent.walk(case, lengths, [h0], step, n)
