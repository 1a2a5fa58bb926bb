#!/usr/bin/env bash
# `make lock`: resolve pyproject.toml; what is locked stays (UPGRADE=--upgrade moves everything).
# requirements.lock has everything, for work on the project; deploy/requirements.lock has the same
# versions of what runs in production.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m pip --quiet --disable-pip-version-check install 'uv==0.13.9'
compile() {
    .venv/bin/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-header ${UPGRADE:-} "$@"
}
compile --group dev --all-extras --output-file requirements.lock
# Annotations of a constraints file would only repeat its name.
compile --constraint requirements.lock --no-annotate --output-file deploy/requirements.lock
