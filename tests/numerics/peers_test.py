"""The reference kernels against PyTorch and the ONNX reference, on all of an operator's cases.

usage: peers_test.py MOTE_DUMP_CASES [OPERATOR...]

The NumPy models of `models/` are written from NUMERICS.md; this test asks others. Each file
`peers/*.py` has a dictionary PEERS: operator -> function(case) that gives the list of outputs as
NumPy arrays, or None for a case that the peer does not know (types, attributes). Optional: without
PyTorch it is skipped.
"""

import collections
import importlib
import os
import pkgutil
import sys

try:
    import torch  # noqa: F401
except ImportError:
    print("skipped: no torch in " + sys.executable)
    sys.exit(77)  # SKIP_RETURN_CODE of CTest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import compare  # noqa: E402
import peers  # noqa: E402


def all_peers():
    found = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(peers.__path__)):
        for op, function in importlib.import_module("peers." + module).PEERS.items():
            assert op not in found, f"two peers of {op}"
            found[op] = function
    return found


def check(program, op, peer):
    failures, counts = 0, collections.Counter()
    for case in compare.load(program, op):
        expected = peer(case)
        counts["skipped" if expected is None else "compared"] += 1
        if expected is None:
            continue
        for i, (got, want) in enumerate(zip(case.outputs, expected, strict=True)):
            text = compare.difference(got, want)
            if text:
                failures += 1
                print(f"{case.name} {case.attributes}, output {i}: {text}")
    print(f"{op}: {counts['compared']} cases compared, {counts['skipped']} without a peer")
    return failures == 0 and counts["compared"] > 0


def main(program, *operators):
    found = all_peers()
    results = [check(program, op, found[op]) for op in operators or sorted(found)]
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
