"""How the networks prove that a webhook comes from them, and ask us to prove that we are we.

All sign with HMAC-SHA256 over the **raw bytes** of the body: reading and writing the JSON anew
breaks the signature. Compared in constant time, and as bytes: a hostile header need not be ASCII.
Sources: X, "Webhooks"; Meta, "Getting Started: Webhooks"; LinkedIn, "Organization Social Action
Notifications".
"""

import base64
import hashlib
import hmac


def x_challenge(consumer_secret: str, crc_token: str) -> dict[str, str]:
    """The answer, in JSON, to the ``crc_token`` that X sends to a webhook."""
    return {"response_token": _x(consumer_secret, crc_token.encode())}


def x_signed(consumer_secret: str, body: bytes, header: str | None) -> bool:
    """``header``: x-twitter-webhooks-signature."""
    return _same(_x(consumer_secret, body), header)


def meta_signed(app_secret: str, body: bytes, header: str | None) -> bool:
    """``header``: X-Hub-Signature-256."""
    return _same(f"sha256={_mac(app_secret, body).hex()}", header)


def meta_verified(verify_token: str, mode: str, token: str) -> bool:
    """Whether the subscription call of Meta (hub.mode, hub.verify_token) knows our word; it is
    then answered with ``hub.challenge`` as plain text."""
    return bool(verify_token) and mode == "subscribe" and _same(verify_token, token)


def linkedin_challenge(client_secret: str, code: str) -> dict[str, str]:
    """The answer, in JSON, to the ``challengeCode`` that LinkedIn sends every two hours."""
    return {"challengeCode": code, "challengeResponse": _mac(client_secret, code.encode()).hex()}


def linkedin_signed(client_secret: str, body: bytes, header: str | None) -> bool:
    """``header``: X-LI-Signature."""
    return _same(_mac(client_secret, b"hmacsha256=" + body).hex(), header)


def _x(secret: str, message: bytes) -> str:
    return f"sha256={base64.b64encode(_mac(secret, message)).decode()}"


def _mac(secret: str, message: bytes) -> bytes:
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()


def _same(expected: str, given: str | None) -> bool:
    return hmac.compare_digest(expected.encode(), (given or "").encode("utf-8", "replace"))
