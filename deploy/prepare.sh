#!/usr/bin/env bash
# The secrets that docker-compose.yml mounts, made up at random in deploy/secrets. What is there
# already is left alone. Keep a copy of secrets__number_key and secrets__index_key with the backups:
# without them, old rows can no longer be found by phone or mail address.
set -euo pipefail
cd "$(dirname "$0")"
# Only the owner may enter the folder; the files are readable for the containers' own users.
install -d -m 0700 secrets
cd secrets

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
make() { [ -s "$1" ] || (umask 0222 && printf '%s' "$2" >"$1"); }

make postgres_password "$(random)"
make redis_password "$(random)"
make secrets__number_key "$(random)"
make secrets__index_key "$(random)"
make secrets__callback_key "$(random)"
make secrets__portal_key "$(random)"
make database__url "postgresql://basvuru:$(cat postgres_password)@postgres/basvuru"
make broker__url "redis://:$(cat redis_password)@redis/0"
