"""What lstm, gru and rnn share: (20.1) to (20.3) and the walk over a sequence."""

import numpy as np


def activation(kind, alpha, beta):
    """(20.2)"""
    return {
        0: lambda x: np.maximum(x, 0),
        1: lambda x: np.clip(x, 0, 6),
        2: lambda x: np.clip(x, -1, 1),
        3: lambda x: 1 / (1 + np.exp(-x)),
        4: np.tanh,
        7: lambda x: np.where(x < 0, alpha * x, x),
        8: lambda x: np.where(x < 0, alpha * np.expm1(x), x),
        11: lambda x: np.where(x > alpha, x, 0),
        13: lambda x: np.clip(alpha * x + beta, 0, 1),
        18: lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))),
        19: lambda x: x / (1 + np.abs(x)),
        64: lambda x: alpha * x + beta,
        65: lambda x: alpha * np.tanh(beta * x),
    }[kind]


def activations(attributes):
    """(20.3), of the gates, the cell or candidate, the output."""
    limit = attributes["clip"] or np.inf

    def clipped(place):
        function = activation(*(attributes[f"{place}_{k}"] for k in ("activation", "alpha", "beta")))
        return lambda x: function(np.clip(x, -limit, limit))

    output = activation(*(attributes[f"output_{k}"] for k in ("activation", "alpha", "beta")))
    return [clipped("gate"), clipped("cell"), output]


def real(tensor, shape=None):
    """In double; zeros of a shape for an operand that is absent."""
    return np.zeros(shape) if tensor is None else tensor.data.astype(np.float64)


def walk(case, lengths, states, step, size, beyond=0):
    """`step(x, states)` gives the states after a step, h first. Returns y and the last states."""
    attributes, x = case.attributes, case.input(0).data
    if attributes["time_major"]:
        x = np.swapaxes(x, 0, 1)
    batch, time = x.shape[:2]
    y = np.full((batch, time, size), beyond, states[0].dtype)
    last = [s.copy() for s in states]
    for row in range(batch):
        valid = time if lengths is None else min(max(int(lengths.data[row]), 0), time)
        steps = range(valid)
        state = [s[row] for s in states]
        for t in reversed(steps) if attributes["reverse"] else steps:
            state = step(x[row, t], *state)
            y[row, t] = state[0]
        for to, s in zip(last, state, strict=True):
            to[row] = s
    return [np.swapaxes(y, 0, 1) if attributes["time_major"] else y, *last]


def batch_of(case):
    return case.input(0).data.shape[1 if case.attributes["time_major"] else 0]
