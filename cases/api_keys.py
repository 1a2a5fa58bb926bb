"""Keys of the company's own programs: ``bvk_`` and 32 random bytes, shown once, kept as a digest.

A plain SHA-256 suffices for something that nobody could guess in the first place.
"""

import re
from hashlib import sha256
from secrets import token_urlsafe

PREFIX = "bvk_"
_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")


def new_key() -> str:
    """A key nobody has."""
    return PREFIX + token_urlsafe(32)


def digest(key: str) -> str:
    """What is kept of a key."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def is_name(name: str) -> bool:
    """Whether a key may be called this: lower-case letters, digits and hyphens."""
    return _NAME.fullmatch(name) is not None


def account(name: str) -> str:
    """The channel account of what came with this key: its own line in ledger and reports."""
    return f"api-{name}"
