"""Builds bench/runner and guards its bytes; runs it where a model with a reference is at hand.

Usage: runner_test.py SOURCE BUILD MAX_BYTES [-DOPTION=VALUE...] [-- STEM]
STEM: STEM.mote, STEM.in and STEM.out, cases one after the other (make_packs files).
"""

import pathlib
import subprocess
import sys


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


def text_and_data(program):
    fields = run("size", program).decode().splitlines()[1].split()
    return int(fields[0]) + int(fields[1])


def runs_right(program, stem):
    if not pathlib.Path(stem + ".mote").exists():
        print("no model at hand: not run")
        return True
    output = run(program, stem + ".mote", stem + ".in")
    # The first case: the files hold several.
    return len(output) > 0 and pathlib.Path(stem + ".out").read_bytes().startswith(output)


def main():
    source, build, limit, *rest = sys.argv[1:]
    options, _, stem = " ".join(rest).partition(" -- ")
    run("cmake", "-S", source, "-B", build, "-G", "Ninja", *options.split())
    run("cmake", "--build", build)
    program = build + "/runner"
    size = text_and_data(program)
    print(f"text + data: {size} bytes; the limit is {limit}")
    libraries = run("ldd", program).decode()
    if "libstdc++" in libraries:
        print("the C++ library is linked")
        return 1
    if stem and not runs_right(program, stem):
        print("the outputs differ from the reference")
        return 1
    return 0 if size < int(limit) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failure:
        print(failure, failure.stdout.decode(), failure.stderr.decode(), sep="\n")
        sys.exit(1)
