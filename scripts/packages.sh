#!/usr/bin/env bash
# The system packages of one group, installed where missing: packages.sh runtime|test|venv
# runtime: what the product calls. test: servers that the tests start privately. venv: Debian's
# Python without its venv module.
set -euo pipefail
cd "$(dirname "$0")"

group=${1:?usage: packages.sh runtime|test|venv}

debian() {
    case "$group" in
        runtime) echo redis-server tesseract-ocr tesseract-ocr-tur tesseract-ocr-osd \
            tesseract-ocr-script-latn poppler-utils ;;
        test) echo dovecot-core dovecot-imapd kannel kannel-extras postgresql postgresql-common \
            hylafax-server hylafax-client iaxmodem efax libtiff-tools fonts-dejavu-core openssl \
            redis-sentinel rabbitmq-server clamav-daemon ;;
        venv) echo python3-venv ;;
    esac
    # hylafax-server wants some sendmail; this one is a program, not one more daemon.
    if [ "$group" = test ] && [ ! -e /usr/sbin/sendmail ]; then
        echo msmtp-mta
    fi
}

homebrew() {
    case "$group" in
        runtime) echo redis tesseract tesseract-lang poppler ;;
        test) echo postgresql@15 openssl@3 ;; # tests of servers that brew lacks skip themselves
        venv) ;;
    esac
}

fail() {
    echo "setup: $*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "these are missing, and there is no sudo to install them with: ${missing[*]}." \
            "As root: apt-get install ${missing[*]}"
    fi
}

# Of the packages named, those that dpkg does not hold as installed.
not_installed() {
    comm -23 <(printf '%s\n' "$@" | sort) \
        <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
            sed -n 's/^installed //p' | sort)
}

install_debian() {
    mapfile -t missing < <(not_installed $(debian))
    [ ${#missing[@]} = 0 ] && return
    echo "setup: installing ${missing[*]}"
    as_root ./apt-install.sh "${missing[@]}" && return
    mapfile -t missing < <(not_installed "${missing[@]}")
    fail "these could not be installed, see the messages above: ${missing[*]}"
}

install_homebrew() {
    local formula
    for formula in $(homebrew); do
        brew list --formula "$formula" >/dev/null 2>&1 || brew install --quiet "$formula" ||
            fail "brew could not install $formula"
    done
}

look_for_programs() {
    local program
    [ "$group" = runtime ] || return 0
    for program in redis-server tesseract pdftoppm; do
        command -v "$program" >/dev/null || fail "$program is missing: install Redis," \
            "Tesseract with Turkish, and Poppler with this system's package manager"
    done
}

if command -v apt-get >/dev/null; then
    install_debian
elif command -v brew >/dev/null; then
    install_homebrew
else
    look_for_programs
fi
