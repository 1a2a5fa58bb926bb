"""Who may see the status of an application: who holds the phone that is on file.

The number is no secret, so a code goes to that phone (domain: 10^7 numbers can be guessed).
"""

import hmac
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from cases.sms.transliterate import for_sms
from normalizers.text import phones
from normalizers.text.checks import damm_ok
from storage import outbox, status
from storage.engine import Connection
from storage.outbox import NewOutbox

MOST_CODES = 5
"""Codes for one application within an hour, whoever asks."""

_TEXT: Mapping[str, str] = {
    "tr": "Başvuru durumu için kodunuz: {code}. 10 dakika geçerlidir, paylaşmayınız. {company}",
    "en": "Your code for the status of your application: {code}. Valid for 10 minutes. {company}",
}


def may_be_number(number: str) -> bool:
    """Whether these digits can be an application number at all: length and check digit."""
    return len(number) == 10 and damm_ok(number)


def digest(handle: str) -> str:
    """What is kept of something that a visitor holds."""
    return sha256(handle.encode("utf-8", "replace")).hexdigest()


def code_digest(secret: bytes, handle: str, code: str) -> str:
    """What is kept of a code: useless without our key and the visitor's handle."""
    content = f"code:{handle}:{code}".encode("utf-8", "replace")
    return hmac.digest(secret, content, "sha256").hex()


def send_code(
    connection: Connection,
    *,
    handle: str,
    number: str,
    phone: str,
    secret: bytes,
    company: str,
    now: datetime,
) -> Mapping[str, Collection[int]]:
    """Write a code into the outbox if number and phone fit, and give it to the visit. Returns what
    to ring for; nothing when they do not fit, or when there were too many codes."""
    found, given = status.on_file(connection, number), phones.parse(phone)
    if found is None or given is None or found.phone != given.e164:
        return {}
    if status.codes_since(connection, found.id, now - timedelta(hours=1)) >= MOST_CODES:
        return {}
    code = f"{secrets.randbelow(10**6):06d}"
    visit = status.give_code(
        connection, digest(handle), found.id, code_digest(secret, handle, code)
    )
    owed = _owed(found, visit, code, company, now)
    outbox.owe_all(connection, [owed], now)
    ids = [row for row, medium in outbox.ids_due(connection, [found.id]) if medium == "sms"]
    return {"sms": ids}


def _owed(found: status.OnFile, visit: int, code: str, company: str, now: datetime) -> NewOutbox:
    assert found.phone is not None
    language = "en" if found.language == "en" else "tr"
    return NewOutbox(
        application_id=found.id,
        purpose=f"code-{visit}",
        medium="sms",
        recipient=found.phone,
        language=language,
        text=for_sms(_TEXT[language].format(code=code, company=company)),
        state="pending",
        detail="",
        due_at=now,
        trace=uuid4().hex,
    )
