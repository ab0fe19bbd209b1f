# shellcheck shell=bash
# Sourced by the other scripts. Puts them at the root of the repository, with cargo on the PATH.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# A fresh rustup is not on the PATH of the shell that installed it. First place: it wins over an older distribution cargo.
export PATH="${CARGO_HOME:-${HOME:-}/.cargo}/bin:$PATH"

# Where scripts/setup puts a Node that this machine lacked.
node_home=$PWD/target/node
export PATH="$node_home/bin:$PATH"

say() { printf '%s\n' "$*"; }
heading() { printf '\n== %s\n' "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}
