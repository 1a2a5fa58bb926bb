"""Contact details that somebody gives us after the application was recorded.

A post on a network brings no telephone number, so the SMS duty stays open (``no_phone``). Whoever
brings the number in (the applicant over a one-time link, a colleague at the desk), everything that
follows from it is done here, in the caller's transaction: the application's contact, the event
``contact_given``, and the SMS that was owed all the time, with the same number.

What stands in the text of a post or a direct message is a *suggestion* (:func:`suggested`): anybody
can type anybody's number. It counts when a person confirms it by :func:`give`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from cases import acknowledgement as ack
from cases.letters import acknowledgement_text
from cases.recording import House
from config.errors import BasvuruError
from normalizers.clean import storable_text
from normalizers.text import identifiers, phones
from storage import contacts, events
from storage import duties as open_duties
from storage.contacts import Applicant
from storage.engine import Connection
from storage.events import Event


@dataclass(frozen=True, slots=True)
class Contact:
    """What somebody gave, as it was written; :meth:`checked` makes it fit to be used."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    policy: str = field(default="", repr=False)


class BadContact(BasvuruError):
    """Something cannot be used; nothing was changed. ``problems``: field -> code, which
    :func:`cases.contact_words.problem` says in words."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(f"contact details cannot be used: {', '.join(sorted(problems))}")
        self.problems = problems


def checked(contact: Contact) -> Contact:
    """The same in one form: mobile number in E.164, address in lower case. Raises BadContact."""
    problems: dict[str, str] = {}
    number = phones.parse(contact.phone) if contact.phone.strip() else None
    if contact.phone.strip() and (number is None or phones.is_dummy(number.e164)):
        problems["phone"] = "no_number"
    elif number is not None and not number.can_sms:
        problems["phone"] = "no_mobile"
    found = identifiers.find(contact.email[:320]).email
    if contact.email.strip() and not found:
        problems["email"] = "no_address"
    if not contact.phone.strip() and not contact.email.strip():
        problems["phone"] = "missing"
    if problems:
        raise BadContact(problems)
    return Contact(
        name=" ".join(storable_text(contact.name).split())[:200],
        phone=number.e164 if number else "",
        email=found[0].value if found else "",
        policy=" ".join(storable_text(contact.policy).split())[:60],
    )


def give(
    connection: Connection,
    application_id: int,
    contact: Contact,
    house: House,
    *,
    how: Literal["link", "desk"],
    actor: str,
    now: datetime,
) -> Mapping[str, tuple[int, ...]]:
    """Attach contact details and release the SMS that is owed. Returns what to ring for.

    Raises: BadContact.
    """
    contact = checked(contact)
    applicant = contacts.applicant(connection, application_id)
    named = (("name", contact.name), ("phone", contact.phone), ("email", contact.email))
    given = {name: value for name, value in named if value}
    contacts.set_applicant(connection, application_id, given)
    event = Event(application_id, "contact_given", actor, {"how": how, "fields": sorted(given)})
    events.append(connection, [event], now)
    return _release(connection, application_id, applicant, contact, house, now)


def _release(
    connection: Connection,
    application_id: int,
    applicant: Applicant,
    contact: Contact,
    house: House,
    now: datetime,
) -> Mapping[str, tuple[int, ...]]:
    """The acknowledgement that could not be sent goes out now; one that arrived does not again."""
    medium: Literal["sms", "email"] = "sms" if contact.phone else "email"
    due_at = ack.quiet_end(now, house.rules) if medium == "sms" else None
    text = acknowledgement_text(medium, applicant, house.company, house.phone)
    row = open_duties.release(
        connection,
        application_id,
        ack.PURPOSE,
        medium=medium,
        recipient=contact.phone or contact.email,
        text=text,
        due_at=due_at or now,
        now=now,
    )
    return {medium: (row,)} if row is not None and due_at is None else {}


@dataclass(frozen=True, slots=True)
class Suggested:
    """Contact data that stands in what somebody wrote on a network."""

    what: Literal["phone", "email"]
    value: str = field(repr=False)
    message_id: int


def suggested(connection: Connection, application_id: int) -> list[Suggested]:
    """What was typed into posts and direct messages of an application and is not its contact yet,
    oldest first, each once."""
    applicant = contacts.applicant(connection, application_id)
    have = {applicant.phone, applicant.email}
    found: dict[str, Suggested] = {}
    for message_id, message in contacts.documents(connection, application_id, ("ours",)):
        if message.social is None:
            continue
        for phone in message.identifiers.phone:
            number = phones.parse(phone.value)
            if number is not None and number.can_sms and not phones.is_dummy(number.e164):
                found.setdefault(number.e164, Suggested("phone", number.e164, message_id))
        for email in message.identifiers.email:
            found.setdefault(email.value, Suggested("email", email.value, message_id))
    return [one for value, one in found.items() if value not in have]
