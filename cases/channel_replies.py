"""Answers in the channel that a message came by: what is owed, and what may not be said.

Whoever answers (the acknowledgement here, answers of handlers elsewhere) calls :func:`owe_reply` in
his transaction; the stages ``reply`` and ``private`` send it by the rules of the network.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cases.acknowledgement import PURPOSE
from cases.channel_texts import CONTACT_LINK, Language, acknowledgement
from cases.number import shown
from cases.person import OurSelves
from normalizers.schema import Message
from normalizers.text import identifiers, phones
from storage import outbox, replies
from storage.applications import NewApplication
from storage.engine import Connection
from storage.known import ToFile
from storage.outbox import NewOutbox

PUBLIC, PRIVATE = "reply", "private"
"""Mediums: everybody reads the one, only the writer of the message the other."""

ACKNOWLEDGED = f"{PURPOSE}_{PUBLIC}"
INVITED = f"{PURPOSE}_{PRIVATE}"
"""Purposes of the two acknowledgements in a channel. The SMS with the number stays owed."""

WHERE_POSSIBLE = frozenset({INVITED})
"""What is sent only where the network has a way for it: else it is no duty."""

_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_PERSONAL = ("tckn", "vkn", "phone", "email", "iban", "plate", "policy", "claim")


class ReplyRules(Protocol):
    """What a network allows for one answer (ingest.contract.ReplyRules)."""

    @property
    def public(self) -> bool: ...
    @property
    def longest(self) -> int: ...
    @property
    def may_link(self) -> bool: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def refusal(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ChannelReply:
    """An answer to a message, in the channel that it came by.

    ``purpose``: at most 30 characters; an application has one answer of each, for ever. ``text``
    may hold :data:`CONTACT_LINK`, in private.
    """

    application_id: int
    message_id: int
    purpose: str
    text: str = field(repr=False)
    private: bool
    language: str
    trace: str

    def row(self, now: datetime) -> NewOutbox:
        return NewOutbox(
            application_id=self.application_id,
            purpose=self.purpose,
            medium=PRIVATE if self.private else PUBLIC,
            recipient="",
            language=self.language,
            text=self.text,
            state="pending",
            detail="",
            due_at=now,
            trace=self.trace,
            answers=self.message_id,
        )


def owe_reply(
    connection: Connection, reply: ChannelReply, now: datetime
) -> Mapping[str, tuple[int, ...]]:
    """Owe an answer in the channel of a message; returns what to ring for after the commit."""
    outbox.owe_all(connection, [reply.row(now)], now)
    due = outbox.ids_due(connection, [reply.application_id], reply.purpose)
    return {medium: (row_id,) for row_id, medium in due}


def acknowledgements(
    one: ToFile, application: NewApplication, row_id: int, company: str, phone: str, now: datetime
) -> list[NewOutbox]:
    """What somebody is told where he wrote. A post in public gets a public word, and in private the
    link where the network has a way; a direct message gets the link."""
    social = one.message.social
    if social is None:
        return []
    language: Language = "en" if application.language == "en" else "tr"
    number = shown(application.number)
    return [
        ChannelReply(
            application_id=row_id,
            message_id=one.id,
            purpose=INVITED if private else ACKNOWLEDGED,
            text=acknowledgement(
                language, private=private, number=number, phone=phone, company=company
            ),
            private=private,
            language=language,
            trace=one.trace,
        ).row(now)
        for private in ((False, True) if social.public else (True,))
    ]


def refusal(
    text: str,
    rules: ReplyRules,
    us: OurSelves,
    our_phone: str,
    now: datetime,
) -> str:
    """Why this answer cannot be sent, in a sentence for a person; empty when it can."""
    if rules.refusal:
        return rules.refusal
    if rules.until is not None and now >= rules.until:
        return (
            f"Too late: the network takes no answer to this after {rules.until:%Y-%m-%d %H:%M} UTC."
        )
    if not text.strip():
        return "The answer is empty."
    if len(text) > rules.longest:
        return f"The answer is too long for the network: {len(text)} of {rules.longest} characters."
    if not rules.may_link and (_LINK.search(text) or CONTACT_LINK in text):
        return "The network allows no link in this answer."
    personal = _personal(text, us, our_phone) if rules.public else []
    if personal:
        return f"Everybody can read this answer, and it holds personal data: {', '.join(personal)}."
    return ""


def _personal(text: str, us: OurSelves, our_phone: str) -> list[str]:
    """Kinds of personal data in a text; our own line and addresses are none."""
    found = identifiers.find(text)
    ours = {number.e164 for number in (phones.parse(our_phone),) if number} | set(us.phones)
    return [
        kind
        for kind in _PERSONAL
        if any(
            not (kind == "phone" and one.value in ours)
            and not (kind == "email" and us.owns_email(one.value))
            for one in getattr(found, kind)
        )
    ]


def _is_echo(said: str, stored: str) -> bool:
    """Whether what stands on the network is an answer of ours, as far as it is stored."""
    beginning = " ".join(stored.partition(CONTACT_LINK)[0].split())
    return bool(beginning) and " ".join(said.split()).startswith(beginning)


def settle_by_echo(
    connection: Connection, said: Sequence[tuple[Message, int]], now: datetime
) -> None:
    """An answer of which nobody knew whether it was sent came back from the network. ``said``: what
    came back, and the application that it is filed with."""
    if not said:
        return
    for row in replies.unsettled(connection, {application for _, application in said}):
        for message, application in said:
            if application == row.application_id and _is_echo(message.text, row.text):
                number = message.social.external_id if message.social else ""
                replies.echoed(connection, row.id, number, now)
