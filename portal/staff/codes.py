"""One-time codes of staff (RFC 6238) and recovery codes. Keys are kept sealed."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from markupsafe import Markup

from storage.secrets import digest

STEP_SECONDS = 30
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that are taken for another: recovery codes are written on paper."""


def new_key() -> str:
    """A key for an authenticator, base32."""
    return pyotp.random_base32()


def seal(key: str, staff_id: int, master: bytes) -> bytes:
    """The key as it is kept: readable only with the master key, and only for this account."""
    nonce = secrets.token_bytes(12)
    return nonce + _cipher(master).encrypt(nonce, key.encode(), _for(staff_id))


def unseal(sealed: bytes, staff_id: int, master: bytes) -> str | None:
    """The key, or None when the master key is another: it has to be set up anew."""
    try:
        return _cipher(master).decrypt(sealed[:12], sealed[12:], _for(staff_id)).decode()
    except InvalidTag:
        return None  # the operator changed portal_key, and was told what follows


def step_of(key: str, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to: this one, the one before or after. None: wrong."""
    plain = "".join(code.split())
    current = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(key)
    for step in (current, current - 1, current + 1):
        if secrets.compare_digest(generator.generate_otp(step).encode(), plain.encode()):
            return step
    return None


def address(key: str, login: str, company: str) -> str:
    """What an authenticator reads from the picture."""
    return pyotp.TOTP(key).provisioning_uri(name=login, issuer_name=company)


def picture(text: str) -> Markup:
    """The text as a QR code: SVG for the page itself."""
    out = BytesIO()
    segno.make(text, error="m").save(out, "svg", scale=4, border=3, light="#fff", xmldecl=False)
    return Markup(out.getvalue().decode())  # noqa: S704  made by the library from squares


def new_recovery() -> list[str]:
    """Codes for whoever lost the authenticator, each good once."""
    return [_group() for _ in range(RECOVERY_CODES)]


def kept(codes: Sequence[str]) -> list[str]:
    """What is kept of recovery codes."""
    return [digest(_plain(code)) for code in codes]


def without(kept_codes: Sequence[str], code: str) -> list[str] | None:
    """The recovery codes that are left after this one; None when it is none of them."""
    used = digest(_plain(code))
    return [one for one in kept_codes if one != used] if used in kept_codes else None


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()


def _group() -> str:
    letters = [secrets.choice(_LETTERS) for _ in range(12)]
    return "-".join("".join(letters[at : at + 4]) for at in (0, 4, 8))


def _cipher(master: bytes) -> AESGCM:
    return AESGCM(sha256(b"one-time codes:" + master).digest())


def _for(staff_id: int) -> bytes:
    return f"staff:code_key:{staff_id}".encode()
