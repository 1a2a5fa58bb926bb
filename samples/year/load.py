"""Writing stories into a database in bulk: the rows that the stages write, histories that verify.

Bodies are kept as blobs; the raw items of a made-up year are text, whatever their channel, so they
are not meant to be replayed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count, islice
from typing import Any

from cases.number import number
from cases.person import OurSelves, keys
from config.clock import local_date
from normalizers.schema import Message, Sender
from normalizers.text.turkish import fold
from samples.year import words
from samples.year.improving import improve
from samples.year.story import Step, Story, Year
from storage import channels
from storage import tables as t
from storage.applications import next_in_sequence
from storage.blobs import BlobStore
from storage.dialect import insert, insert_all
from storage.engine import Connection, Database
from storage.events import FIRST, chain_hash
from storage.outbox import new_reference
from storage.reporting import facts

CHUNK = 1000
Row = dict[str, Any]


@dataclass(slots=True)
class Loader:
    database: Database
    blobs: BlobStore
    number_key: bytes
    index_key: bytes
    ids: list[int] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)

    def load(self, year: Year) -> int:
        """Load a year. Returns how many applications it had."""
        stories = list(year.stories())
        with self.database.write() as connection:
            for name in words.CHANNELS:
                channels.register(connection, name, name)
            _policies(connection, year.year)
            _ledger(connection, stories)
        for chunk in _chunks(list(enumerate(stories))):
            self.blobs.put({story.text.encode() for _, story in chunk})
            with self.database.write() as connection:
                self._record(connection, chunk)
        self._tell_of_duplicates(stories)
        for chunk in _chunks(list(enumerate(stories))):
            with self.database.write() as connection:
                self._history(connection, chunk)
        with self.database.write() as connection:
            improve(connection, year.year, list(zip(self.ids, stories, strict=True)), year.rng)
        return len(stories)

    def _record(self, connection: Connection, chunk: Sequence[tuple[int, Story]]) -> None:
        raws = _returned(connection, t.raw_item, [_raw(i, s) for i, s in chunk], "source_key")
        read = [(raws[f"year-{i}"], _message(i, story), story) for i, story in chunk]
        rows = [_message_row(raw, message, story) for raw, message, story in read]
        messages = _returned(connection, t.message, rows, "raw_id")
        who = []
        for raw, message, _ in read:
            found = keys(message, OurSelves(), self.index_key)
            who += [
                {"key": key, "message_id": messages[raw], "kind": kind, "own": key in found.own}
                for key, kind in found.kinds.items()
            ]
        insert_all(connection, t.person_key, who)
        numbers = self._numbers(connection, chunk)
        new = [_application(s, n) for (_, s), n in zip(chunk, numbers, strict=True)]
        by_number = _returned(connection, t.application, new, "number")
        self.ids += [by_number[n] for n in numbers]
        self.messages += [messages[raw] for raw, _, _ in read]
        insert_all(connection, t.filing, [self._filing(i, s) for i, s in chunk])
        self._acknowledge(connection, chunk)

    def _numbers(self, connection: Connection, chunk: Sequence[tuple[int, Story]]) -> list[str]:
        """The stories are in the order of recording but for letters, which wait: by year."""
        years = [local_date(story.recorded_at).year for _, story in chunk]
        places = {
            year: count(next_in_sequence(connection, year, of_it))
            for year, of_it in Counter(years).items()
        }
        return [number(year, next(places[year]), self.number_key) for year in years]

    def _filing(self, place: int, story: Story) -> Row:
        joined = _joined_at(story) is not None
        assert story.joined_into is None or story.joined_into < place
        target = self.ids[story.joined_into] if joined and story.joined_into is not None else None
        return {
            "message_id": self.messages[place],
            "application_id": target or self.ids[place],
            "how": "near" if joined else "opened",
            "reasons": [],
            "at": story.recorded_at,
            "by": "system",
        }

    def _acknowledge(self, connection: Connection, chunk: Sequence[tuple[int, Story]]) -> None:
        rows = [_outbox(self.ids[place], place, story) for place, story in chunk]
        insert_all(connection, t.outbox, rows)

    def _tell_of_duplicates(self, stories: Sequence[Story]) -> None:
        """The application that another one was joined into has an event of that, too."""
        for place, story in enumerate(stories):
            if story.joined_into is None or (at := _joined_at(story)) is None:
                continue
            data = {"message": self.messages[place], "from": self.ids[place]}
            target = stories[story.joined_into].steps
            target.append(Step(at, "message_joined", "staff:operator", data))
            target.sort(key=lambda step: step.at)

    def _history(self, connection: Connection, chunk: Sequence[tuple[int, Story]]) -> None:
        rows: list[Row] = []
        for place, story in chunk:
            rows += self._events(place, story)
        insert_all(connection, t.event, rows)
        duplicates = [
            (self.ids[place], self.ids[story.joined_into])
            for place, story in chunk
            if story.joined_into is not None and _joined_at(story)
        ]
        for old, new in duplicates:
            connection.execute(
                t.application.update().where(t.application.c.id == old).values(duplicate_of=new)
            )
        facts.follow(connection, [self.ids[place] for place, _ in chunk])

    def _events(self, place: int, story: Story) -> Iterator[Row]:
        previous = FIRST
        for seq, step in enumerate(story.steps, 1):
            data = dict(step.data)
            if step.kind == "recorded":
                data = {"message": self.messages[place], "channel": story.channel}
            elif step.kind == "joined_into" and story.joined_into is not None:
                data = {"application": self.ids[story.joined_into]}
            row: Row = {
                "application_id": self.ids[place],
                "seq": seq,
                "at": step.at,
                "kind": step.kind,
                "actor": step.actor,
                "data": data,
                "previous": previous,
            }
            previous = row["hash"] = chain_hash(previous, row)
            yield row


def _chunks(stories: Sequence[tuple[int, Story]]) -> Iterator[list[tuple[int, Story]]]:
    rest = iter(stories)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _returned(connection: Connection, table: Any, rows: Sequence[Row], key: str) -> dict[Any, int]:
    found = insert_all(connection, table, rows, table.c.id, table.c[key])
    return {row[1]: row[0] for row in found}


def _raw(place: int, story: Story) -> Row:
    body = story.text.encode()
    digest = sha256(body).hexdigest()
    return {
        "channel": story.channel,
        "source_key": f"year-{place}",
        "kind": story.channel,
        "sha256": digest,
        "size": len(body),
        "received_at": story.received_at,
        "landed_at": story.recorded_at - timedelta(seconds=2),
        "facts": {},
        "trace": sha256(f"{place}-{digest}".encode()).hexdigest()[:32],
    }


def _message(place: int, story: Story) -> Message:
    sender = Sender(name=story.name, email=story.email, phone=story.phone, handle=story.handle)
    return Message(
        source=f"year-{place}",
        kind=story.channel,
        text=story.text,
        received_at=story.received_at,
        sender=sender,
    )


def _message_row(raw: int, message: Message, story: Story) -> Row:
    return {
        "raw_id": raw,
        "channel": story.channel,
        "kind": story.channel,
        "received_at": story.received_at,
        "match_text": fold(message.text),
        "things": [],
        "document": message.model_dump(mode="json", exclude_defaults=True),
    }


def _application(story: Story, number: str) -> Row:
    known: Row = {"type": "unclassified", "status": "recorded", "department": None}
    due: dict[str, datetime | None] = {"legal_due_at": None, "sla_due_at": None}
    for step in story.steps:
        known["type"] = step.data.get("type", known["type"])
        known["department"] = (
            step.data.get("department", known["department"])
            if step.kind == "routed"
            else known["department"]
        )
        known["status"] = _STATUS.get(step.kind, known["status"])
        if step.kind == "deadlines_set":
            due |= {name: _moment(step.data.get(name)) for name in due}
    return {
        "number": number,
        "channel": story.channel,
        "kind": story.channel,
        "received_at": story.received_at,
        "recorded_at": story.recorded_at,
        "subject": story.text[:60],
        "applicant_name": story.name,
        "applicant_email": story.email,
        "applicant_phone": story.phone,
        "language": "tr",
        "needs_review": False,
        **known,
        **due,
    }


_STATUS = {
    "assessed": "assessed",
    "routed": "in_progress",
    "asked": "waiting_applicant",
    "applicant_replied": "in_progress",
    "answered": "answered",
    "closed": "closed",
    "reopened": "in_progress",
}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _outbox(application_id: int, place: int, story: Story) -> Row:
    """Most are told by SMS within a minute or so; some numbers fail; some gave no way at all."""
    medium = "sms" if story.phone else "email" if story.email else "none"
    failed = place % 83 == 0
    late = timedelta(hours=3) if place % 61 == 0 else timedelta(seconds=4 + place % 110)
    state = "no_phone" if medium == "none" else "failed" if failed else "delivered"
    handed = story.recorded_at + late
    return {
        "application_id": application_id,
        "purpose": "received",
        "reference": new_reference(),
        "medium": medium,
        "recipient": story.phone or story.email or "",
        "language": "tr",
        "text": "",
        "state": state,
        "parts": int(medium == "sms" and not failed),
        "price": 0.21 if medium == "sms" and not failed else 0.0,
        "trace": f"year{place}",
        "created_at": story.recorded_at,
        "submitted_at": None if medium == "none" else handed,
        "accepted_at": None if medium == "none" or failed else handed,
        "settled_at": handed if state == "delivered" else None,
        "due_at": story.recorded_at,
    }


def _joined_at(story: Story) -> datetime | None:
    return next((step.at for step in story.steps if step.kind == "joined_into"), None)


def _policies(connection: Connection, year: int) -> None:
    now = datetime(year, 1, 1, tzinfo=UTC)
    rows = [
        {
            "month": date(year, month, 1),
            "branch": branch,
            "policies": int(count * (1 + 0.004 * month)),
            "claims": count // 260,
            "at": now,
            "by": "import",
        }
        for month in range(1, 13)
        for branch, count in words.POLICIES.items()
    ]
    connection.execute(insert(connection, t.policy_count).on_conflict_do_nothing(), rows)


def _ledger(connection: Connection, stories: Sequence[Story]) -> None:
    landed: Mapping[tuple[str, date], int] = Counter(
        (s.channel, local_date(s.recorded_at - timedelta(seconds=2))) for s in stories
    )
    rows = [
        {"channel": name, "day": day, "seen": n, "landed": n, "already_had": 0, "refused": 0}
        for (name, day), n in landed.items()
    ]
    insert_all(connection, t.ledger, rows)
