"""(19.13)."""

import numpy as np

NONE, ADD, MUL, MIN, MAX = range(5)


def reduced(reduction, old, update):
    if reduction == NONE:
        return update
    with np.errstate(over="ignore"):
        if reduction == ADD:
            return old + update
        if reduction == MUL:
            return old * update
        return np.minimum(old, update) if reduction == MIN else np.maximum(old, update)
