"""Suggestions for the person who assesses: from rules, and from a classifier where one is trained.

A suggestion is shown as one, says why, and decides nothing. What was suggested and what the person
chose stand side by side, so that the hit rate is a figure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from cases.routing import service as routing
from cases.rules.book import Rule, compiled, first
from cases.rules.condition import Facts
from cases.rules.facts import facts
from storage import applications, assessing, rules
from storage import facts as rows
from storage.assessing import Hint
from storage.engine import Connection
from storage.facts import FactRow

FIELDS = ("type", "branch", "topic")
RULE_CERTAINTY = 0.6
"""What a rule is worth beside a classifier that says how sure it is."""


class Guess(NamedTuple):
    """What a classifier thinks: one field, 0 to 1, and the words that spoke for it most."""

    field: str
    value: str
    certainty: float
    words: tuple[str, ...]


class Guesser(Protocol):
    def guess(self, folded: str) -> Sequence[Guess]:
        """At most one guess a field for a folded text; empty when not sure enough."""
        ...


def from_rules(application_id: int, seen: Facts, book: Sequence[Rule]) -> Iterable[Hint]:
    for name in FIELDS:
        rule = first(name, book, seen)
        if rule is not None:
            why = {"code": "rule", "rule": rule.name, "words": rule.condition.why(seen)[:10]}
            value = rule.gives[name]
            yield Hint(application_id, name, "rule", value, RULE_CERTAINTY, [why])


def from_guesses(application_id: int, guesses: Iterable[Guess]) -> Iterable[Hint]:
    for one in guesses:
        why = {"code": "classifier", "words": list(one.words)}
        yield Hint(
            application_id, one.field, "classifier", one.value, round(one.certainty, 3), [why]
        )


def suggest(
    connection: Connection,
    application_ids: Collection[int],
    guesser: Guesser | None,
    *,
    unit: str,
    now: datetime,
) -> None:
    """Make the suggestions for applications, and route them for the first time. Safe to run twice:
    a suggestion is one row for each field and source."""
    applications.lock(connection, application_ids)
    book = compiled(rules.rules(connection, "suggest", only_on=True))
    found = rows.of(connection, application_ids)
    hints = [hint for row in found for hint in _hints(row, book, guesser)]
    assessing.keep_hints(connection, application_ids, hints, now)
    nowhere = [row for row in found if row.department is None]
    routing.by_rules(connection, nowhere, unit=unit, now=now)


def _hints(row: FactRow, book: Sequence[Rule], guesser: Guesser | None) -> Iterable[Hint]:
    seen = facts(row)
    yield from from_rules(row.id, seen, book)
    if guesser is not None and seen.text:
        yield from from_guesses(row.id, guesser.guess(seen.text))


_WHY: Mapping[str, tuple[str, str]] = {
    "rule": ("kural “{rule}”: {words}", "rule “{rule}”: {words}"),
    "classifier": ("benzer geçmiş başvurular: {words}", "similar past applications: {words}"),
}


def in_words(why: Iterable[Mapping[str, Any]], language: str = "tr") -> str:
    """Why something is suggested, in one line."""
    position = 0 if language == "tr" else 1
    return "; ".join(
        _WHY[one["code"]][position].format(
            rule=one.get("rule", ""), words=", ".join(one["words"]) or "–"
        )
        for one in why
    )
