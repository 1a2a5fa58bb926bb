"""From a message that was read to an application with a number, in one transaction.

The order of the steps is what keeps the promises: lock the people, look, decide one after the
other, then number and write. A number exists only together with its application, and what we owe
the applicant is written beside it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cases import acknowledgement as ack
from cases.aftercare import Aftercare
from cases.aftercare import begin as begin_aftercare
from cases.answers.replies import joined as see_to_reply
from cases.channel_replies import acknowledgements, settle_by_echo
from cases.duplicates import decide_all
from cases.enclosures import owed
from cases.incoming import as_incoming, locks
from cases.letters import acknowledgement_text
from cases.lookup import add_addressees, load_known
from cases.matters import Incoming, Known, Opening, Policy, Verdict
from cases.number import number
from cases.person import OurSelves
from cases.words import TYPES
from config.clock import local
from normalizers.schema import Identifiers, Message
from normalizers.text.language import language
from normalizers.text.person import applicant_phone
from storage import (
    applications,
    dialect,
    enclosures,
    events,
    known,
    outbox,
    reading_desk,
    social,
)
from storage.applications import Filing, NewApplication, NewSuggestion
from storage.engine import Connection
from storage.events import Event
from storage.known import ToFile
from storage.outbox import NewOutbox
from storage.social import ItemChange


@dataclass(frozen=True, slots=True)
class House:
    """What recording must know of the installation. Keys are secrets."""

    us: OurSelves
    policy: Policy
    rules: ack.Rules
    company: str
    phone: str
    language: str = "tr"
    aftercare: Aftercare = field(default_factory=Aftercare)
    answering: frozenset[str] = frozenset()
    """Accounts in which we say that something was recorded (``acknowledge_here``)."""
    number_key: bytes = field(default=b"", repr=False)
    index_key: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch: messages by raw id, and what has to be done now."""

    filed: tuple[int, ...]
    machine: tuple[int, ...]
    noted: Mapping[int, str]
    """No matter of an applicant: ``ours``, or a ``mark`` on what we never had."""
    to_send: Mapping[str, tuple[int, ...]]
    """Queue -> row ids to ring for: a medium with outbox ids, enclosures with theirs."""
    traces: tuple[str, ...]


def record(
    connection: Connection, raw_ids: Collection[int], house: House, now: datetime
) -> Recorded:
    """File every message of these raw items. Safe to run twice: filings are unique by message."""
    batch = known.to_file(connection, raw_ids)
    incoming = [as_incoming(one) for one in batch]
    dialect.lock_keys(connection, locks(incoming))
    facts = load_known(connection, incoming, house.policy, now)
    add_addressees(connection, facts, house.index_key)
    verdicts = decide_all(incoming, facts, house.policy)
    by_id = {one.id: one for one in batch}
    opened = [(by_id[m.id], v) for m, v in verdicts if v.how == "opened"]
    joined = [(by_id[m.id], v) for m, v in verdicts if v.how != "opened" and v.application]
    nowhere = {by_id[m.id].raw_id: v.how for m, v in verdicts if v.application is None}
    machine = tuple(raw_id for raw_id, how in nowhere.items() if how == "machine")
    noted = {i: _NOTED[how] for i, how in nowhere.items() if how in _NOTED}
    ids = _Ids()
    touched = [v.application for _, v in joined]
    touched += [s.application for _, v in opened for s in v.suggestions]
    applications.lock(connection, {one for one in touched if isinstance(one, int)})
    told = _open(connection, opened, ids, house, now)
    told += _join(connection, joined, ids, now)
    told += _changed([(by_id[m.id], v) for m, v in verdicts if v.changed], ids)
    events.append(connection, told, now)  # once, since what is counted follows each time
    to_send = _due(connection, list(ids.opened.values()))
    _see_to_replies(connection, joined, ids, house, now)
    _suggest(connection, opened, ids, now)
    ours = [(by_id[m.id].message, v.application) for m, v in verdicts if v.how == "ours"]
    settle_by_echo(connection, [(one, id_) for one, id_ in ours if isinstance(id_, int)], now)
    social.remember(connection, _item_changes(incoming, facts), now)
    filed = tuple(one.raw_id for one, _ in (*opened, *joined))
    to_read = _owe_enclosures(connection, (*opened, *joined), now)
    traces = tuple(one.trace for one in batch)
    return Recorded(filed, machine, noted, to_send | to_read, traces)


def _owe_enclosures(
    connection: Connection, filed: Sequence[tuple[ToFile, Verdict]], now: datetime
) -> dict[str, tuple[int, ...]]:
    """Documents to be read from here on; those of a repeat were, those of a machine are nobody's
    letter."""
    people = [one for one, verdict in filed if verdict.how not in ("repeat", "machine")]
    waiting = enclosures.owe_all(connection, list(owed(people)), now)
    return {"enclosures": tuple(waiting)} if waiting else {}


_NOTED = {"ours": "ours", "deleted": "mark"}


class _Ids:
    """Ids of the applications that this batch opened."""

    def __init__(self) -> None:
        self.opened: dict[Opening, int] = {}

    def of(self, verdict_application: int | Opening | None) -> int:
        assert verdict_application is not None
        if isinstance(verdict_application, Opening):
            return self.opened[verdict_application]
        return verdict_application


def _item_changes(incoming: Sequence[Incoming], facts: Known) -> list[ItemChange]:
    """What the batch means for its things on networks, in one order for all transactions."""
    changes = []
    for key in sorted({message.item.key for message in incoming if message.item}):
        have = facts.items[key]
        original = have.versions[0].id if have.versions else None
        changes.append(ItemChange(key, original, have.counts, have.deleted))
    return changes


def _open(
    connection: Connection,
    opened: Sequence[tuple[ToFile, Verdict]],
    ids: _Ids,
    house: House,
    now: datetime,
) -> list[Event]:
    """Open applications; returns what their history says, for the caller to add."""
    if not opened:
        return []
    messages = [one for one, _ in opened]
    gone = {one.id for one, verdict in opened if verdict.changed == "deleted"}
    row_ids, _ = _open_rows(connection, messages, house, now, gone)
    for (_, verdict), row_id in zip(opened, row_ids, strict=True):
        assert isinstance(verdict.application, Opening)
        ids.opened[verdict.application] = row_id
    pairs = list(zip(messages, row_ids, strict=True))
    applications.file_all(connection, [Filing(one.id, i, "opened") for one, i in pairs], now)
    recorded = [
        Event(i, "recorded", data={"message": one.id, "channel": one.channel}) for one, i in pairs
    ]
    return recorded + begin_aftercare(connection, row_ids, house.aftercare, now)


def _open_rows(
    connection: Connection,
    messages: Sequence[ToFile],
    house: House,
    now: datetime,
    gone: Collection[int] = (),
) -> tuple[list[int], list[str]]:
    """Number and insert applications, and write beside them what we owe. (ids, numbers). ``gone``:
    messages that nobody can answer on the network any more."""
    people = {key for one in messages for key in one.own}
    recent = outbox.owed_to(connection, people, now - timedelta(days=1))
    numbers = _numbers(connection, len(messages), house, now)
    new = [_application(one, n, house) for one, n in zip(messages, numbers, strict=True)]
    row_ids = applications.open_all(connection, new, now)
    owed = [
        _owe(one, application, row_id, recent, house, now)
        for one, application, row_id in zip(messages, new, row_ids, strict=True)
    ]
    here = [
        row
        for one, application, row_id, duty in zip(messages, new, row_ids, owed, strict=True)
        if duty.state == "no_phone" and one.channel in house.answering and one.id not in gone
        for row in acknowledgements(one, application, row_id, house.company, house.phone, now)
    ]
    outbox.owe_all(connection, [*owed, *here], now)
    return row_ids, numbers


@dataclass(frozen=True, slots=True)
class Opened:
    """An application that a person had opened for a message."""

    application_id: int
    number: str
    to_send: Mapping[str, tuple[int, ...]]


def open_for(connection: Connection, one: ToFile, house: House, now: datetime) -> Opened:
    """Open an application for a message that is filed elsewhere; the caller moves the filing."""
    [row_id], [number] = _open_rows(connection, [one], house, now)
    return Opened(row_id, number, _due(connection, [row_id]))


def _numbers(connection: Connection, count: int, house: House, now: datetime) -> list[str]:
    """The sequence's row is locked from here to the commit, so this comes as late as it can."""
    year = local(now).year
    first = applications.next_in_sequence(connection, year, count)
    return [number(year, sequence, house.number_key) for sequence in range(first, first + count)]


def _application(one: ToFile, number: str, house: House) -> NewApplication:
    message = one.message
    found = message.identifiers if message.social is None else _NONE  # see cases.contacts
    emails = [i.value for i in found.email if not house.us.owns_email(i.value)]
    email = message.sender.email or (emails[0] if emails else None)
    return NewApplication(
        number=number,
        type=_type(message),
        channel=one.channel,
        kind=message.medium[:40],
        received_at=one.received_at,
        subject=message.subject[:500],
        applicant_name=message.sender.name or (found.name[0].value if found.name else None),
        applicant_email=email,
        applicant_phone=_mobile(one, house),
        language=language(message.written) or house.language,
        needs_review=message.needs_review,
    )


_NONE = Identifiers()
"""Anybody can type anybody's number into a post: there it is a suggestion, and no contact."""


def _type(message: Message) -> str:
    """What the applicant calls it counts until somebody assesses it."""
    chosen = message.form.type if message.form else ""
    return chosen if chosen in TYPES else "unclassified"


def _mobile(one: ToFile, house: House) -> str | None:
    found = one.message.identifiers if one.message.social is None else _NONE
    ours = house.us.phones
    theirs = found.model_copy(
        update={"phone": tuple(i for i in found.phone if i.value not in ours)}
    )
    return applicant_phone(theirs, one.message.sender.phone, one.message.written)


def _owe(
    one: ToFile,
    application: NewApplication,
    row_id: int,
    recent: dict[int, list[datetime]],
    house: House,
    now: datetime,
) -> NewOutbox:
    """What we owe for a new application. ``recent`` grows, so that a batch keeps to the budget."""
    sender = one.message.sender.email
    plan = ack.plan(
        ack.Contact(application.applicant_phone, application.applicant_email),
        house.rules,
        recent=max((recent.get(key, []) for key in one.own), key=len, default=[]),
        from_ourselves=bool(sender and house.us.owns_email(sender)),
        by_machine=one.message.is_unattended and not one.as_person,
        now=now,
    )
    if plan.state != "suppressed":
        for key in one.own:
            recent.setdefault(key, []).append(now)
    mail = one.message.mail
    return NewOutbox(
        application_id=row_id,
        purpose=ack.PURPOSE,
        medium=plan.medium,
        recipient=plan.recipient,
        language=application.language,
        text=acknowledgement_text(plan.medium, application, house.company, house.phone),
        state=plan.state,
        detail=plan.detail,
        due_at=plan.due_at or now,
        trace=one.trace,
        in_reply_to=mail.message_id if mail and plan.medium == "email" else None,
    )


def _due(connection: Connection, application_ids: Sequence[int]) -> dict[str, tuple[int, ...]]:
    if not application_ids:
        return {}
    by_medium: dict[str, list[int]] = {}
    for row_id, medium in outbox.ids_due(connection, application_ids):
        by_medium.setdefault(medium, []).append(row_id)
    return {medium: tuple(sorted(ids)) for medium, ids in by_medium.items()}


def _join(
    connection: Connection,
    joined: Sequence[tuple[ToFile, Verdict]],
    ids: _Ids,
    now: datetime,
) -> list[Event]:
    """File messages with applications that are there; returns what the history of these says."""
    filings = [
        Filing(one.id, ids.of(v.application), v.how, v.score, v.reasons) for one, v in joined
    ]
    applications.file_all(connection, filings, now)
    poor = {
        ids.of(v.application)
        for one, v in joined
        if one.message.needs_review and v.how not in ("repeat", "machine")
    }
    reading_desk.mark(connection, poor, waits=True)
    return [
        Event(
            filing.application_id,
            "message_joined",
            data={
                "message": filing.message_id,
                "how": filing.how,
                "score": filing.score,
                "reasons": list(filing.reasons),
            },
        )
        for filing in filings
    ]


def _see_to_replies(
    connection: Connection,
    joined: Sequence[tuple[ToFile, Verdict]],
    ids: _Ids,
    house: House,
    now: datetime,
) -> None:
    for one, verdict in joined:
        see_to_reply(
            connection,
            ids.of(verdict.application),
            one.id,
            one.message,
            verdict.how,
            half_days=house.aftercare.half_day_counts,
            now=now,
        )


def _changed(changed: Sequence[tuple[ToFile, Verdict]], ids: _Ids) -> list[Event]:
    """The history says what became of a post, and which version's text counts."""
    return [
        Event(
            ids.of(verdict.application),
            "message_changed",
            data={
                "message": one.id,
                "what": verdict.changed,
                "counts": verdict.counts,
                "at": one.received_at.isoformat(),
            },
        )
        for one, verdict in changed
    ]


def _suggest(
    connection: Connection, opened: Sequence[tuple[ToFile, Verdict]], ids: _Ids, now: datetime
) -> None:
    applications.suggest_all(
        connection,
        [
            NewSuggestion(one.id, ids.of(s.application), s.score, s.reasons)
            for one, verdict in opened
            for s in verdict.suggestions
        ],
        now,
    )
