"""The key inside a form: it says which form this is, and when it was shown.

It makes a form that is sent twice one application (it becomes the source key of the raw item), and
tells a person, who needs some seconds, from a program that posts at once. Signed, so that nobody
makes keys of his own; it names nobody.
"""

import base64
import binascii
import hmac
import secrets
from datetime import UTC, datetime, timedelta

LIVES = timedelta(hours=24)
"""How long a form may be filled in."""
_SIGNED = 12


def issue(secret: bytes, now: datetime) -> str:
    """A new key for a form that is shown now."""
    content = int(now.timestamp()).to_bytes(5, "big") + secrets.token_bytes(13)
    return _text(content + _signature(secret, content))


def shown_at(secret: bytes, key: str) -> datetime | None:
    """When the form with this key was shown; None for a key that is not ours."""
    try:
        whole = base64.urlsafe_b64decode(key[:80] + "=" * (-len(key) % 4))
    except (ValueError, binascii.Error):
        return None  # no key of ours looks like this
    if _text(whole) != key:
        return None  # decoding passes over what is no letter: one key would have many spellings
    content, signature = whole[:-_SIGNED], whole[-_SIGNED:]
    if len(content) != 18 or not hmac.compare_digest(signature, _signature(secret, content)):
        return None
    return datetime.fromtimestamp(int.from_bytes(content[:5], "big"), UTC)


def _signature(secret: bytes, content: bytes) -> bytes:
    return hmac.digest(secret, b"form:" + content, "sha256")[:_SIGNED]


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
