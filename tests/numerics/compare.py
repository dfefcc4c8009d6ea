"""Compares an operator's reference kernels with its NumPy model, on all of its cases.

usage: compare.py MOTE_DUMP_CASES OPERATOR

Integers must be equal, floats within 1e-5 * max(1, |model|). Exits with 1 on any difference or
when a type has fewer than 50 cases.
"""

import collections
import importlib
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# The reference sums in float32, the models in double: a few hundred roundings of 2^-24.
TOLERANCE = 1e-5
MIN_CASES = 50
# Formats that NumPy lacks, or whose NaN would not compare: bits.
DTYPES = {"boolean": np.uint8, "float16": np.uint16, "bfloat16": np.uint16}


class Tensor:
    def __init__(self, record, blob):
        self.type = record["type"]
        dtype = np.dtype(DTYPES.get(self.type, self.type))
        data = np.frombuffer(blob, dtype, record["bytes"] // dtype.itemsize, record["offset"])
        self.data = data.reshape(record["shape"])
        self.scales = np.asarray(record["scales"], np.float32)
        self.zero_points = record["zero_points"]
        self.axis = record["axis"]

    @property
    def scale(self):
        assert self.scales.size == 1, "the model expects one scale"
        return self.scales[0]

    @property
    def zero_point(self):
        """Of a tensor with one; several are all zero (NUMERICS.md 1.4)."""
        return self.zero_points[0] if len(self.zero_points) == 1 else 0


class Case:
    def __init__(self, record, blob):
        self.name = record["name"]
        self.attributes = record["attributes"]
        self.inputs = [r and Tensor(r, blob) for r in record["inputs"]]
        self.outputs = [Tensor(r, blob) for r in record["outputs"]]

    def input(self, i):
        """None when it is absent."""
        return self.inputs[i] if i < len(self.inputs) else None


def widened(bits, kind):
    """float32 from the bits of a 16-bit format."""
    if kind == "float16":
        return bits.astype(np.uint16).view(np.float16).astype(np.float32)
    return (bits.astype(np.uint32) << 16).view(np.float32)


def difference(got, expected):
    """Of the reference's tensor from the model's array; empty when there is none."""
    expected = np.asarray(expected)
    if got.data.shape != expected.shape:
        return f"shape {got.data.shape}, the model has {expected.shape}"
    if got.type == "float32":
        with np.errstate(invalid="ignore"):
            a, b = got.data.astype(np.float64), expected.astype(np.float64)
            close = np.abs(a - b) <= TOLERANCE * np.maximum(1, np.abs(b))
        equal = close | (a == b) | (np.isnan(a) & np.isnan(b))
    elif got.type in ("float16", "bfloat16"):
        a, b = widened(got.data, got.type), widened(expected, got.type)
        equal = (a == b) | (np.isnan(a) & np.isnan(b))
    else:
        a, b = got.data, expected
        equal = a == b
    if np.all(equal):
        return ""
    at = tuple(int(i) for i in np.argwhere(~np.atleast_1d(equal))[0])
    first = f"{np.atleast_1d(a)[at]}, the model has {np.atleast_1d(b)[at]}"
    return f"{np.count_nonzero(~equal)} of {equal.size} elements differ; first at {at}: {first}"


def load(program, op):
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([program, op, directory], check=True)
        with open(os.path.join(directory, "cases.json"), encoding="utf-8") as f:
            records = json.load(f)["cases"]
        with open(os.path.join(directory, "cases.bin"), "rb") as f:
            blob = f.read()
    return [Case(r, blob) for r in records]


def main(program, op):
    model = importlib.import_module("models." + op)
    failures, cases, elements = 0, collections.Counter(), collections.Counter()
    for case in load(program, op):
        kind = case.inputs[0].type
        cases[kind] += 1
        for i, (got, expected) in enumerate(zip(case.outputs, model.run(case), strict=True)):
            elements[kind] += got.data.size
            text = difference(got, expected)
            if text:
                failures += 1
                print(f"{case.name}, output {i}: {text}")
    for kind in sorted(cases):
        print(f"{op} {kind}: {cases[kind]} cases, {elements[kind]} elements")
    few = [k for k in ("float32", "int8") if 0 < cases[k] < MIN_CASES]
    if sum(cases.values()) < MIN_CASES:
        few.append("all types")
    for kind in few:
        print(f"fewer than {MIN_CASES} cases of {kind}")
    return 1 if failures or few else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
