"""(18.5) and the table of section 18.5."""

import numpy as np
from math import erf as erf_of_one

erf = np.vectorize(erf_of_one, otypes=[np.float64])

FUNCTIONS = [
    np.abs, np.negative, np.sign, np.exp, np.log, np.sqrt, lambda x: 1 / np.sqrt(x), np.square,
    lambda x: 1 / x, np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan, np.sinh, np.cosh,
    np.arcsinh, np.arccosh, np.arctanh, erf, np.floor, np.ceil, np.rint, np.trunc
]
IS_NAN = 25


def run(case):
    x, kind = case.inputs[0], case.attributes["kind"]
    with np.errstate(all="ignore"):
        if kind >= IS_NAN:
            return [(np.isnan if kind == IS_NAN else np.isinf)(x.data).astype(np.uint8)]
        if x.type == "int8":
            return [case.inputs[1].data[x.data.astype(np.int64) + 128]]
        if x.type != "float32":
            return [FUNCTIONS[kind](x.data)]
        return [np.asarray(FUNCTIONS[kind](x.data.astype(np.float64))).astype(np.float32)]
