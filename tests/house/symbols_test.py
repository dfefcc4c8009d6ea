"""mote_core needs nothing but a few functions of libc and libm: no C++ library, no output, no
files, no abort, no heap beyond malloc's last resort, nothing that runs before main.

Usage: symbols_test.py LIBRARY [NM [READELF [BESIDE]]]
BESIDE: a library whose symbols LIBRARY may need.
"""

import re
import subprocess
import sys

ALLOWED = re.compile(
    "^(mem(cpy|move|set|cmp)|str(cmp|ncmp|len)"
    "|malloc|free"  # base/allocator.cc, when the caller gives no allocator
    # libm, for float operators and evaluation in double
    "|(exp|expm1|log|log1p|(a?(sin|cos|tan)h?)|erf|pow|sqrt|floor|ceil|round|rint|nearbyint|fmod|fma"
    "|lrint|llrint|fmin|fmax|fabs|trunc|ldexp|frexp|ilogb)[fl]?"
    # the compiler's own helpers (libgcc)
    "|__(u?div|u?mod|u?divmod|mul|ash[lr]|lsh[lr])[ds]i[34]|__(fix|float)\\w+|__cpu_\\w+|__aeabi_\\w+"
    "|__\\w+[sdth]f[23]?2?|_GLOBAL_OFFSET_TABLE_)$")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def symbols(nm, library):
    defined, undefined = set(), set()
    for line in run(nm, library).splitlines():
        fields = line.split()
        if len(fields) == 2 and fields[0] in "Uwv":
            undefined.add(fields[1])
        elif len(fields) == 3:
            defined.add(fields[2])
    return undefined - defined, defined


def sections_before_main(readelf, library):
    names = re.findall(r"\]\s+(\.\S+)\s", run(readelf, "-SW", library))
    return sorted({n for n in names if n.startswith((".init_array", ".ctors", ".preinit"))})


def main():
    library, nm, readelf = (sys.argv[1:] + ["nm", "readelf"][len(sys.argv) - 2:])[:3]
    undefined, _ = symbols(nm, library)
    if len(sys.argv) > 4:
        undefined -= symbols(nm, sys.argv[4])[1]
    failures = [f"needs '{s}'" for s in sorted(undefined) if not ALLOWED.match(s)]
    failures += [f"has global constructors ({s})" for s in sections_before_main(readelf, library)]
    for failure in failures:
        print(f"{library}: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
