#!/usr/bin/env bash
# As root: install Debian packages without letting a daemon of theirs run, now or at the next boot.
# Our servers are private ones, on ports and in folders of our own.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

# Asked by every package before it starts its daemon: 101 means "not allowed".
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

log=$(mktemp)
apt() { apt-get -q -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@" >>"$log" 2>&1; }
if ! { apt update && apt install --yes --no-install-recommends "$@"; }; then
    tail -n 25 "$log" >&2
    echo "setup: the whole of what apt said is in $log" >&2
    exit 1
fi
rm "$log"

# Names of the services that a package brings. Templates (name@.service) run nothing by themselves.
units() { dpkg -L "$1" | sed -nE 's#^(/usr)?/lib/systemd/system/([^/@]+\.(service|socket|timer))$#\2#p'; }
init_scripts() { dpkg -L "$1" | sed -nE 's#^/etc/init\.d/([^/]+)$#\1#p'; }

for package in "$@"; do
    for script in $(init_scripts "$package"); do
        update-rc.d "$script" disable 2>/dev/null # it grumbles where systemd has no unit
    done
    command -v systemctl >/dev/null || continue
    for unit in $(units "$package"); do
        systemctl --quiet disable "$unit" 2>/dev/null || true # a static unit cannot be disabled
        [ ! -d /run/systemd/system ] || systemctl --quiet stop "$unit"
    done
done
