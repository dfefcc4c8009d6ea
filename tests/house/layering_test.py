"""Who may include whom, and where conditional compilation may stand.

Usage: layering_test.py [ROOT]
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
SUFFIXES = (".cc", ".h", ".inc", ".cu", ".comp")

# Each folder of the core may include those before it and itself.
CORE = ["base", "kernels", "ops", "model", "plan", "run"]
PUBLIC_CORE, PUBLIC_CONVERTER = "core/include", "converter/include"

# Numbers and names of operators alone: anyone may read them.
TABLES = ("ops/ops.inc", "train/ops.inc")

# Written by flatc at build time.
GENERATED = {"mote_generated.h": "schema", "tflite_generated.h": "converter/import"}


def layer_of(path):
    """The part of the project that a file, given relative to ROOT, belongs to."""
    parts = path.parts
    if path.name.endswith(("cases.cc", "cases.h")):
        return "tests"  # stand beside the operator, are compiled into tests alone
    if parts[0] in ("core", "converter") and len(parts) > 1 and parts[1] == "include":
        return f"{parts[0]}/include"
    if parts[0] == "core" and len(parts) > 2:
        return f"core/{parts[1]}"
    if parts[0] in ("platforms", "delegates") and len(parts) > 2:
        return f"{parts[0]}/{parts[1]}"
    return parts[0]


def allowed(user, used, header):
    if user == used or used == PUBLIC_CORE or header in TABLES:
        return True
    if user in ("tests", "bench"):
        return True
    if used in ("tests", "bench"):
        return False
    if user == PUBLIC_CORE:
        return False
    if user.startswith("core/"):
        if used == "schema":
            return user in ("core/ops", "core/train", "core/model", "core/plan", "core/run")
        mine, theirs = user.split("/")[1], used.partition("/")[2]
        if mine == "train":
            return used.startswith("core/")
        return (used.startswith("core/") and theirs in CORE and mine in CORE
                and CORE.index(theirs) <= CORE.index(mine))
    if user.startswith("delegates/"):
        return used == "core/base" or header.endswith("attributes.h")
    if user in ("converter", PUBLIC_CONVERTER):
        return used in ("schema", "converter", PUBLIC_CONVERTER) or (
            user == "converter" and used.startswith(("core/", "converter")))
    if user.startswith("platforms/"):
        return used == PUBLIC_CONVERTER
    return False


def resolve(file, header):
    """Where a quoted include leads, relative to ROOT; None: not a file of the project."""
    folders = [file.parent, ROOT / "core", ROOT / PUBLIC_CORE, ROOT / PUBLIC_CONVERTER,
               ROOT / "converter", ROOT / "tests", ROOT / "platforms"]
    for folder in folders:
        if (folder / header).is_file():
            return (folder / header).resolve().relative_to(ROOT.resolve())
    return None


def source_files():
    for top in ("core", "converter", "platforms", "delegates", "tests", "bench"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in SUFFIXES:
                yield path


def check_includes(path, text):
    user = layer_of(path.relative_to(ROOT))
    for header in re.findall(r'^\s*#include "([^"]+)"', text, re.M):
        target = resolve(path, header)
        used = layer_of(target) if target else GENERATED.get(header)
        if used and not allowed(user, used, header):
            yield f"{path.relative_to(ROOT)}: {user} must not include {header} ({used})"


# Include guards and `extern "C"` of the headers that are C; attributes of the exported functions.
HARMLESS = re.compile(r"^#\s*(ifndef \w+_H_|ifdef __cplusplus|if defined\(__GNUC__\))\s*$")


def check_conditionals(path, text):
    relative = path.relative_to(ROOT)
    if relative.parts[0] not in ("core", "converter") or str(relative) == "core/base/arch.h":
        return
    for line in re.findall(r"^\s*#\s*if.*", text, re.M):
        if not HARMLESS.match(line.strip()):
            yield f"{relative}: '{line.strip()}' belongs into core/base/arch.h"


def check_kernel_file(path, text):
    """Files of one instruction set: inline functions of shared headers, compiled for it, could be
    the copies that the linker keeps for every processor."""
    if not re.search(r"_(avx2|avx512\w*|neon\w*|sve\w*)\.cc$", path.name):
        return
    for header in re.findall(r"^\s*#include ([<\"][^>\"]+)", text, re.M):
        own = header.startswith('"') and (ROOT / "core" / header[1:]).parent == path.parent
        if not own and header[1:] not in ("immintrin.h", "arm_neon.h", "cstdint", "cstring",
                                          "cstddef"):
            yield f"{path.relative_to(ROOT)}: includes {header[1:]}"


def main():
    failures = []
    for path in source_files():
        text = path.read_text(encoding="utf-8")
        for check in (check_includes, check_conditionals, check_kernel_file):
            failures += check(path, text)
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
