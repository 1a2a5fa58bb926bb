#!/usr/bin/env bash
# `make setup`: system packages, .venv, and this project in it. Safe to repeat; the second time it
# only looks. PYTHON=/path/to/python chooses the interpreter that .venv is made from.
set -euo pipefail
cd "$(dirname "$0")/.."

suitable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in ${PYTHON:-python3.11 python3 python3.12 python3.13}; do
        if suitable "$name"; then
            command -v "$name"
            return
        fi
    done
    echo "setup: Python 3.11 or newer is needed; name one with PYTHON=/path/to/python3.11" >&2
    return 1
}

# The folder belongs to it: an editable installation points back here.
wanted() {
    pwd
    cksum pyproject.toml requirements.lock
}

up_to_date() {
    .venv/bin/python -c pass 2>/dev/null && [ "$(cat .venv/setup.stamp 2>/dev/null)" = "$(wanted)" ]
}

python=$(find_python)
scripts/packages.sh runtime
# Debian ships the venv module apart from Python.
"$python" -c 'import ensurepip' 2>/dev/null || scripts/packages.sh venv

if up_to_date; then
    exit 0
fi
echo "setup: installing Python packages into .venv (a minute the first time)"
rm -f .venv/setup.stamp
# An interpreter that is gone, or a folder that was moved, leaves a .venv that cannot be mended.
.venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
pip=(.venv/bin/python -m pip --quiet --disable-pip-version-check)
"${pip[@]}" install --require-hashes --requirement requirements.lock
"${pip[@]}" install --no-deps --editable .
wanted >.venv/setup.stamp
echo "setup: done; the command is .venv/bin/basvuru"
