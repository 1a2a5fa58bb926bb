"""Asking the systems about one application, and writing down what was asked and found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.lookups.contract import Lookup, LookupSettings, Question, Record
from cases.lookups.origin import origin
from storage import applications, events, lookups
from storage.claims import Claim
from storage.engine import Connection
from storage.events import Event

SURE = 0.5
"""Identifiers less certain than this are not asked about."""
QUESTIONS = 10
"""Questions to one system about one application."""


@dataclass(frozen=True, slots=True)
class System:
    """A company system that is open."""

    name: str
    lookup: Lookup
    settings: LookupSettings


@dataclass(frozen=True, slots=True)
class Answer:
    """What one system said about one application."""

    asked: Sequence[Question]
    found: Sequence[Record] = field(repr=False)

    @property
    def state(self) -> str:
        if not self.asked:
            return "no_key"
        return "found" if self.found else "nothing"


def questions(settings: LookupSettings, known: Sequence[Mapping[str, Any]]) -> list[Question]:
    """What a system is asked, given the identifiers of each message; each value once."""
    out: dict[tuple[str, str], Question] = {}
    for key in settings.asked_by:
        for identifiers in known:
            for one in identifiers.get(key, ()):
                if one.get("certainty", 1.0) >= SURE:
                    question = Question(settings.what, key, one["value"])
                    out.setdefault((key, one["value"]), question)
    return list(out.values())[:QUESTIONS]


def ask(system: System, known: Sequence[Mapping[str, Any]]) -> Answer:
    """Put the questions, and gather records without repeats. Raises NotAnswering, Misconfigured."""
    asked = questions(system.settings, known)
    found: dict[tuple[str, str], Record] = {}
    for question in asked:
        for one in system.lookup.find(question):
            found.setdefault((one.reference, str(sorted(one.facts.items()))), one)
    return Answer(asked, list(found.values()))


def settle(
    connection: Connection,
    held: Claim,
    row: lookups.Question,
    answer: Answer,
    now: datetime,
) -> None:
    """Write an answer. The event says how much was found and by which keys, province and code of
    the intermediary where the system knows them, and names nobody."""
    applications.lock(connection, [row.application_id])
    ours = lookups.settle(
        connection,
        held,
        row.id,
        answer.state,
        detail="",
        asked=[{"what": q.what, "key": q.key, "value": q.value} for q in answer.asked],
        found=[
            {"what": r.what, "reference": r.reference, "facts": dict(r.facts)} for r in answer.found
        ],
        now=now,
    )
    if ours and answer.asked:
        data = {
            "source": row.system,
            "what": sorted({q.key for q in answer.asked}),
            "found": len(answer.found),
            **origin(answer.found),
        }
        told = Event(row.application_id, "looked_up", row.by, data | {"lookup": row.id})
        events.append(connection, [told], now)
