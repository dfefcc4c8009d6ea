"""(19.10)."""

import numpy as np


def run(case):
    x, lengths, a = case.inputs[0].data, case.inputs[1].data, case.attributes
    y = np.moveaxis(x, (a["batch_axis"], a["sequence_axis"]), (0, 1)).copy()
    for row, n in zip(y, lengths, strict=True):
        row[:n] = row[:n][::-1].copy()
    return [np.moveaxis(y, (0, 1), (a["batch_axis"], a["sequence_axis"]))]
