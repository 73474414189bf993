#!/bin/sh
# Installs what is missing, then runs every check and every test; what could not run stands in the last lines, with the reason.
set -eu
cd "$(dirname "$0")/.."
./scripts/install.sh dev

cd backend
failed=''
../.venv/bin/python tools/check_all.py || failed=yes
../.venv/bin/python -m pytest -n 2 --dist worksteal "$@" || failed=yes
[ -z "$failed" ] || { printf 'Not everything passed: see above.\n' >&2; exit 1; }
