"""The one-time link over which somebody who wrote on a network gives contact details.

A link is bound to one application, works once, and expires. Its token is random and known only to
who was sent it: the database holds its hash. The page behind it is the portal's; what it says is
in :mod:`cases.contact_words`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Literal

from cases import contacts as given
from cases.contact_words import CONSENT_VERSION, consent_text
from cases.contacts import Contact
from cases.number import shown
from cases.person import blind
from cases.recording import House
from config.errors import BasvuruError
from normalizers.text.turkish import fold
from storage import contacts
from storage.contacts import Consent, Link
from storage.engine import Connection

LIFETIME = timedelta(days=14)
"""How long a link works; the private answer that carries it can be late by days."""

LONGEST_TOKEN = 100

State = Literal["open", "used", "expired", "unknown"]


class LinkClosed(BasvuruError):
    """The link does not work any more, or never did; nothing was changed. ``state`` says why."""

    def __init__(self, state: State) -> None:
        super().__init__(f"the contact link is {state}")
        self.state = state


@dataclass(frozen=True, slots=True)
class Issued:
    """``token`` goes into the address of the page and nowhere else."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """What the page shows. ``number`` (``26-1994-3644``) is empty unless the link is open or was
    used: an unknown token tells nothing."""

    state: State
    number: str = ""
    language: Literal["tr", "en"] = "tr"
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What the page thanks for, and what the caller rings for after the commit."""

    application_id: int
    number: str
    language: Literal["tr", "en"]
    to_send: Mapping[str, tuple[int, ...]]


def issue(
    connection: Connection,
    application_id: int,
    message_id: int | None,
    now: datetime,
    lifetime: timedelta = LIFETIME,
) -> Issued:
    """A new link for an application. ``message_id``: the message whose sender is invited; its
    handle is what consent links to the person. Links that were issued before keep working."""
    token, expires_at = token_urlsafe(24), now + lifetime
    contacts.new_link(
        connection, application_id, message_id, _hash(token), expires_at=expires_at, now=now
    )
    return Issued(token, expires_at)


def look(connection: Connection, token: str, now: datetime) -> Look:
    """What a token opens now. Changes nothing."""
    found = _find(connection, token)
    state = _state(found, now)
    if found is None:
        return Look(state)
    number = shown(found.number) if state in ("open", "used") else ""
    return Look(state, number, _language(found), found.expires_at)


def redeem(
    connection: Connection,
    token: str,
    contact: Contact,
    *,
    consent: bool,
    house: House,
    now: datetime,
) -> Redeemed:
    """Take the contact details: the application has them, the SMS that was owed is released.

    ``consent``: whether the applicant ticked that the account on the network may be linked with
    them (:func:`cases.contact_words.consent_text`, which is stored as it stood). Without it the
    details belong to this application alone. All in the caller's transaction.
    Raises: LinkClosed, cases.contacts.BadContact; nothing was changed.
    """
    found = _find(connection, token, lock=True)
    state = _state(found, now)
    if found is None or state != "open":
        raise LinkClosed(state)
    contact, language = given.checked(contact), _language(found)
    ticked = Consent(CONSENT_VERSION, consent_text(language)) if consent else None
    contacts.use_link(connection, found.id, contact.policy, ticked, now)
    if consent and found.message_id is not None:
        contacts.add_keys(connection, found.message_id, _keys(contact, house.index_key))
    to_send = given.give(
        connection, found.application_id, contact, house, how="link", actor="applicant", now=now
    )
    return Redeemed(found.application_id, shown(found.number), language, to_send)


def _keys(contact: Contact, secret: bytes) -> dict[int, str]:
    """Who the sender of the post is from now on, for everything that this person sends later."""
    named = [("phone", contact.phone), ("email", contact.email.lower())]
    if contact.policy and contact.name:
        named.append(("policy", f"{contact.policy}/{fold(contact.name)}"))
    return {blind(kind, value, secret): kind for kind, value in named if value}


def _find(connection: Connection, token: str, *, lock: bool = False) -> Link | None:
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return contacts.link(connection, _hash(token), lock=lock)


def _state(found: Link | None, now: datetime) -> State:
    if found is None:
        return "unknown"
    if found.used_at is not None:
        return "used"
    return "open" if now < found.expires_at else "expired"


def _language(found: Link) -> Literal["tr", "en"]:
    return "en" if found.language == "en" else "tr"


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
