#!/bin/sh
# Puts what is missing into .venv, from the lock files alone: `install.sh` to run Tocsin, `install.sh dev` to work on it.
set -eu
cd "$(dirname "$0")/.."
lock=backend/requirements${1:+-$1}.lock

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    say "Tocsin needs Python 3.11 or newer, and none was found."
    say "On Debian or Ubuntu: apt install python3 python3-venv"
    exit 1
}

# Debian cuts the means to install packages out of python3; a venv without them still works with pip from outside
make_venv() {
    "$1" -m venv --clear .venv 2>/dev/null && return
    rm -rf .venv
    if "$1" -m pip --version >/dev/null 2>&1 && "$1" -m venv --without-pip .venv; then
        return
    fi
    rm -rf .venv
    say "Python cannot make a virtual environment here. On Debian or Ubuntu: apt install python3-venv"
    exit 1
}

install() {
    if .venv/bin/python -m pip --version >/dev/null 2>&1; then
        .venv/bin/python -m pip --disable-pip-version-check --quiet install "$@"
    else
        "$(find_python)" -m pip --python .venv/bin/python --disable-pip-version-check --quiet install "$@"
    fi
}

# what an installation was made from; the path too, because the commands in .venv/bin name it
stamp=$( (pwd; cat "$lock" backend/pyproject.toml) | sha256sum | cut -d' ' -f1)
held=.venv/installed-${1:-run}
if [ -x .venv/bin/tocsin ] && [ "$(cat "$held" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi

.venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || make_venv "$(find_python)"
say "Installing from $lock into .venv ..."
install --require-hashes --no-deps --only-binary :all: -r "$lock"
install --no-build-isolation --no-deps --force-reinstall -e backend
printf '%s\n' "$stamp" >"$held"
