"""Random secrets that people carry, and the digests under which we know them."""

from hashlib import sha256
from secrets import token_urlsafe


def new_secret() -> str:
    """256 random bits, for a cookie or a link."""
    return token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a random secret: whoever reads the database cannot use it."""
    return sha256(secret.encode()).hexdigest()
