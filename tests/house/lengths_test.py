"""Lengths of files, functions and public headers: prints the distribution, fails beyond the limits.

Usage: lengths_test.py [ROOT]
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])

MAX_FILE = 800
# Micro-kernels and the tables of test cases are long without being hard to read.
MAX_FUNCTION, MAX_TABLE = 100, 150
MAX_PUBLIC_HEADERS, MAX_PUBLIC_LINES, MAX_C_ABI = 6, 1200, 400
# The C interfaces: to programs, and to delegates.
C_HEADERS = ("mote.h", "delegate.h")


def count_lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def source_files():
    for top in ("core", "converter", "platforms", "delegates", "tests", "bench", "schema"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in (".cc", ".h", ".inc", ".cu", ".comp", ".py", ".fbs", ".cmake"):
                yield path


LITERALS = re.compile(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])*\'|//.*')
# The last line of a signature; not the head of a statement or a type.
OPENING = re.compile(r"^(?!\s*(if|for|while|switch|else|do|\}|#|struct|class|enum|union|namespace)\b)"
                     r".*\)[^;=]*\{$")


def functions(path):
    """(first line, lines) of the functions of a file, as clang-format lays them out."""
    start, depth = None, 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = LITERALS.sub("", line)
        if start is None and OPENING.match(line):
            start, depth = number, 0
        if start is not None:
            depth += line.count("{") - line.count("}")
            if depth <= 0:
                yield start, number - start + 1
                start = None


def quantiles(values):
    values = sorted(values) or [0]
    at = lambda q: values[min(len(values) - 1, int(q * len(values)))]
    return f"median {at(.5)}, 90 % {at(.9)}, 99 % {at(.99)}, longest {values[-1]}"


def check_public_headers():
    headers = sorted((ROOT / "core/include/mote").glob("*"))
    cpp = [h for h in headers if h.name not in C_HEADERS]
    count = len([h for h in cpp if h.suffix == ".h"])
    lines = sum(count_lines(h) for h in cpp)
    print(f"public C++ headers: {count} (at most {MAX_PUBLIC_HEADERS}), {lines} lines "
          f"(at most {MAX_PUBLIC_LINES})")
    if count > MAX_PUBLIC_HEADERS or lines > MAX_PUBLIC_LINES:
        yield "the public C++ headers are too many or too long"
    for name in C_HEADERS:
        header = ROOT / "core/include/mote" / name
        if header.exists() and count_lines(header) > MAX_C_ABI:
            yield f"{name}: {count_lines(header)} lines; the limit is {MAX_C_ABI}"


def main():
    failures = list(check_public_headers())
    files, lengths = {}, []
    for path in source_files():
        files[path] = count_lines(path)
        if path.suffix not in (".cc", ".h"):
            continue
        top = path.relative_to(ROOT).parts
        limit = MAX_TABLE if top[0] == "tests" or top[:2] == ("core", "kernels") else MAX_FUNCTION
        for line, length in functions(path):
            lengths.append(length)
            if length > limit:
                failures.append(f"{path.relative_to(ROOT)}:{line}: a function of {length} lines")
    print(f"{len(files)} files: {quantiles(files.values())}")
    print(f"{len(lengths)} functions: {quantiles(lengths)}")
    failures += [f"{p.relative_to(ROOT)}: {n} lines" for p, n in files.items() if n > MAX_FILE]
    for path, n in files.items():
        if 400 < n <= MAX_FILE:
            print(f"long: {path.relative_to(ROOT)}: {n}")
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
