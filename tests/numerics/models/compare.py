"""(18.4)."""

import operator

import numpy as np

KINDS = [operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge]


def real(x):
    if x.type == "boolean":
        return x.data != 0
    if x.type == "int8":
        return (x.data.astype(np.float64) - x.zero_point) * np.float64(x.scale)
    return x.data


def run(case):
    kind = KINDS[case.attributes["kind"]]
    return [kind(real(case.inputs[0]), real(case.inputs[1])).astype(np.uint8)]
