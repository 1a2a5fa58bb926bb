"""Passwords of staff: argon2id, a few at a time, and the same time for logins that do not exist."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST, LONGEST = 12, 200
"""Characters. Length is what helps (NIST SP 800-63B, 5.1.1.2); rules about digits are not."""

_HASHER = PasswordHasher()
_AT_ONCE = threading.BoundedSemaphore(2)
"""A hash takes a quarter of a second and 64 MB: a flood of sign-ins must not take the machine."""


def hashed(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password. Takes as long for an account that is not there or has none."""
    try:
        with _AT_ONCE:
            _HASHER.verify(stored or _nobodys(), password[:LONGEST])
    except (Argon2Error, InvalidHashError):
        return False  # whatever was wrong, this is not the password
    return stored is not None


def complaint(password: str, login: str) -> str | None:
    """The key of the text that says why this cannot be a password; None when it can."""
    if len(password) < SHORTEST:
        return "account.password_short"
    if len(password) > LONGEST:
        return "account.password_long"
    if (login and login.lower() in password.lower()) or len(set(password)) < 5:
        return "account.password_easy"
    return None


@cache
def _nobodys() -> str:
    return hashed("nobody's password, to take as long as a real one")
