"""The rules of an installation: written, tried, switched on and off. Every version is kept."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from cases.assessment.taxonomy import check
from cases.rules.condition import Condition, Facts, parse
from cases.rules.facts import Past
from cases.words import TYPES
from config.errors import BasvuruError
from storage import rules
from storage.engine import Connection
from storage.rules import RuleRow

Use = Literal["suggest", "route"]
GIVES: Mapping[str, tuple[str, ...]] = {
    "suggest": ("type", "branch", "topic"),
    "route": ("department",),
}
"""What a rule of each use may give."""
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class BadRule(BasvuruError):
    """The rule makes no sense; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read."""

    name: str
    condition: Condition
    gives: Mapping[str, str]


def compiled(found: Sequence[RuleRow]) -> list[Rule]:
    return [Rule(one.name, parse(one.condition), one.gives) for one in found]


def first(field_: str, book: Sequence[Rule], seen: Facts) -> Rule | None:
    """The first rule that gives a field and whose condition holds."""
    return next((r for r in book if field_ in r.gives and r.condition.holds(seen)), None)


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as a supervisor writes it. ``position`` None: where it was, or at the end."""

    use: Use
    name: str
    condition: str
    gives: Mapping[str, str]
    position: int | None = None


def put(connection: Connection, draft: Draft, *, by: str, note: str = "", now: datetime) -> RuleRow:
    """Write a rule, or a new version of one. A new rule is switched off; a changed one too, since
    nobody has tried it yet. Raises BadCondition, BadRule, NoSuchEntry."""
    new = as_row(connection, draft, by=by, note=note, now=now)
    rules.put(connection, new)
    return new


def as_row(
    connection: Connection, draft: Draft, *, by: str, note: str = "", now: datetime
) -> RuleRow:
    """The row that a draft would become; to be tried before it is written. Raises as put does."""
    if not _NAME.fullmatch(draft.name) or len(draft.name) > 60:
        raise BadRule(f"{draft.name!r} is no name: small letters, digits and hyphens.")
    parse(draft.condition)
    _check_gives(connection, draft.use, draft.gives)
    place = draft.position
    if place is None:
        old = rules.rule(connection, draft.use, draft.name)
        place = old.position if old else _last(connection, draft.use)
    return RuleRow(
        draft.use,
        draft.name,
        place,
        draft.condition,
        draft.gives,
        is_on=False,
        since=now,
        until=None,
        by=by,
        note=note,
    )


def switch(
    connection: Connection, use: Use, name: str, on: bool, *, by: str, note: str = "", now: datetime
) -> None:
    """Switch a rule on or off. Raises BadRule when there is none of this name."""
    old = _existing(connection, use, name)
    if old.is_on != on:
        rules.put(connection, replace(old, is_on=on, since=now, by=by, note=note))


def remove(connection: Connection, use: Use, name: str, *, now: datetime) -> None:
    """Take a rule out of the book; its versions stay readable. Raises BadRule."""
    _existing(connection, use, name)
    rules.end(connection, use, name, now)


def _existing(connection: Connection, use: Use, name: str) -> RuleRow:
    found = rules.rule(connection, use, name)
    if found is None:
        raise BadRule(f"There is no rule {name!r} for {use}.")
    return found


def _last(connection: Connection, use: Use) -> int:
    return max((one.position for one in rules.rules(connection, use)), default=0) + 10


def _check_gives(connection: Connection, use: Use, gives: Mapping[str, str]) -> None:
    allowed = GIVES[use]
    if not gives or not set(gives) <= set(allowed):
        raise BadRule(f"A rule for {use} gives: {', '.join(allowed)}.")
    for kind in ("branch", "topic"):
        check(connection, kind, gives.get(kind))
    if gives.get("type", TYPES[0]) not in TYPES:
        raise BadRule(f"There is no type {gives['type']!r}.")


@dataclass(slots=True)
class Trial:
    """What a book would have done with past applications."""

    seen: int = 0
    matched: Counter[str] = field(default_factory=Counter)
    """Rule -> applications that it would have decided; the first that holds decides."""
    given: Counter[str] = field(default_factory=Counter)
    """Value -> applications that would have got it."""
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(what it is now, what it would be) -> applications, where the two differ."""
    examples: dict[str, list[int]] = field(default_factory=dict)
    """Rule -> some application ids, to look at."""


EXAMPLES = 10


def try_out(
    connection: Connection,
    field_: str,
    book: Sequence[Rule],
    *,
    start: datetime,
    end: datetime,
    otherwise: str = "",
) -> Trial:
    """What would have been given to every application recorded in between. Changes nothing.

    Reads only what a rule of the book looks at. ``otherwise``: what an application gets that no
    rule holds for.
    """
    book = [rule for rule in book if field_ in rule.gives]
    past = Past.for_(rule.condition for rule in book)
    trial = Trial()
    for row_id, now, seen in past.each(connection, field_, start, end):
        rule = first(field_, book, seen)
        _count(trial, row_id, rule, rule.gives[field_] if rule else otherwise, now)
    return trial


def _count(trial: Trial, row_id: int, rule: Rule | None, value: str, now: str | None) -> None:
    trial.seen += 1
    if rule is not None:
        trial.matched[rule.name] += 1
        examples = trial.examples.setdefault(rule.name, [])
        if len(examples) < EXAMPLES:
            examples.append(row_id)
    if value:
        trial.given[value] += 1
        if value != (now or ""):
            trial.moved[(now or "", value)] += 1


def with_trial(found: Sequence[RuleRow], tried: Sequence[RuleRow]) -> list[RuleRow]:
    """The book as it would be with these rules in it, each in its place."""
    names = {one.name for one in tried}
    both = [*(one for one in found if one.name not in names), *tried]
    return sorted(both, key=lambda one: (one.position, one.name))
