"""The figures: one definition each, used by the live board, the reports and the exports alike.

What stands in ``figures.toml`` says how a figure follows from counters and spreads, which are
sums in the database (:mod:`storage.reporting.counters`). Numerator and denominator always go with
a share, so that nobody reads "100 %" without "2 of 2".
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Literal

from storage.engine import Connection
from storage.reporting import actions, counting, keeping, stock
from storage.reporting.counting import Key, Slice

How = Literal[
    "count",
    "share",
    "mean",
    "median",
    "p90",
    "within",
    "per_1000",
    "score",
    "actions",
    "open",
    "overdue_legal",
    "overdue_sla",
]
STOCK = ("open", "overdue_legal", "overdue_sla")


@dataclass(frozen=True, slots=True)
class Figure:
    """``unit``: count, percent, minutes, working_days, money (kuruş), price, points, score,
    per_1000, per_case. ``good``: ``up``, ``down`` or empty. ``per``: what a rate is a rate of,
    ``policies`` or ``claims``. Of ``actions`` numerator and denominator are names of
    :data:`storage.reporting.actions.STATES`."""

    name: str
    how: How
    tr: str
    en: str
    about_tr: str
    about_en: str
    numerator: str = ""
    denominator: str = ""
    minus: str = ""
    spread: str = ""
    limit: int = 0
    per: str = ""
    unit: str = ""
    good: str = ""

    def __post_init__(self) -> None:
        if not self.unit:
            unit = "percent" if self.how in ("share", "within") else "count"
            object.__setattr__(self, "unit", unit)

    @property
    def counters(self) -> tuple[str, ...]:
        if self.how == "actions":
            return ()
        return tuple(n for n in (self.numerator, self.denominator, self.minus) if n)

    def definition(self) -> dict[str, Any]:
        """As it is stored with a report."""
        return {k: v for k, v in asdict(self).items() if v not in ("", 0)}


@dataclass(frozen=True, slots=True)
class Value:
    """``value`` is None where there is nothing to divide by. Shares are in per cent."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None


@cache
def figures() -> Mapping[str, Figure]:
    """Name -> figure, in the order in which they are shown."""
    text = resources.files("cases.reports").joinpath("figures.toml").read_text("utf-8")
    return {name: Figure(name=name, **row) for name, row in tomllib.loads(text).items()}


def measure(
    connection: Connection, names: Iterable[str], part: Slice, by: Sequence[str] = ()
) -> dict[Key, dict[str, Value]]:
    """Values of the dimensions in ``by`` -> figure -> value. Raises KeyError for unknown names."""
    return _values(_gather(connection, names, part, by), part, by)


def measure_split(
    connection: Connection, names: Iterable[str], part: Slice, dimension: str
) -> tuple[dict[Any, dict[str, Value]], dict[str, Value]]:
    """(value of the dimension -> figure -> value, the same for all of them together)."""
    found = _gather(connection, names, part, (dimension,))
    split = _values(found, part, (dimension,))
    return {key[0]: values for key, values in split.items()}, _values(_merged(found), part, ())[()]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database said, before figures are made of it."""

    wanted: Sequence[Figure]
    sums: Mapping[Key, Mapping[str, float]]
    spreads: Mapping[str, Mapping[Key, Mapping[int, int]]]
    stocks: Mapping[str, Mapping[Key, int]]
    in_force: Mapping[str, Mapping[str, float]]
    """Policies and claims, by branch."""
    actions: Mapping[Key, Mapping[str, int]]


def _gather(connection: Connection, names: Iterable[str], part: Slice, by: Sequence[str]) -> _Found:
    wanted = [figures()[name] for name in names]
    counters = {name for one in wanted for name in one.counters}
    spreads = {one.spread for one in wanted if one.spread}
    rates = {one.per for one in wanted if one.per}
    return _Found(
        wanted,
        counting.count(connection, sorted(counters), part, by) if counters else {},
        {name: counting.spread(connection, name, part, by) for name in sorted(spreads)},
        {one.how: _stock(connection, one.how, part, by) for one in wanted if one.how in STOCK},
        {name: _BASES[name](connection, part.first, part.last) for name in rates},
        _actions(connection, part, by) if any(one.how == "actions" for one in wanted) else {},
    )


_BASES = {"policies": keeping.policies, "claims": keeping.claims}


def _actions(
    connection: Connection, part: Slice, by: Sequence[str]
) -> Mapping[Key, Mapping[str, int]]:
    """Actions are of a department, cause or topic: split or chosen by anything else there is no
    such number, and nothing is said."""
    if by or not set(part.where) <= set(actions.BY):
        return {}
    return {(): actions.state(connection, part.first, part.last, part.where)}


def _merged(found: _Found) -> _Found:
    """All splits together: sums add up, and so do spreads, so percentiles are exact."""
    sums: Counter[str] = Counter()
    for some in found.sums.values():
        sums.update(some)
    spreads = {name: {(): _added(split.values())} for name, split in found.spreads.items()}
    stocks = {name: {(): sum(split.values())} for name, split in found.stocks.items()}
    return replace(found, sums={(): sums}, spreads=spreads, stocks=stocks)


def _added(spreads: Iterable[Mapping[int, int]]) -> Mapping[int, int]:
    out: Counter[int] = Counter()
    for one in spreads:
        out.update(one)
    return out


def _values(found: _Found, part: Slice, by: Sequence[str]) -> dict[Key, dict[str, Value]]:
    splits = (*found.spreads.values(), *found.stocks.values())
    keys = dict.fromkeys([*found.sums, *(key for split in splits for key in split)])
    out: dict[Key, dict[str, Value]] = {}
    for key in keys if by else [()]:
        split = dict(zip(by, key, strict=True))
        bases = {name: _in_force(some, part, split) for name, some in found.in_force.items()}
        out[key] = {one.name: _one(one, found, key, bases.get(one.per)) for one in found.wanted}
    return out


def _one(one: Figure, found: _Found, key: Key, base: float | None) -> Value:
    if one.how in STOCK:
        return Value(found.stocks[one.how].get(key, 0))
    if one.how == "actions":
        return _of_actions(one, found.actions.get(key))
    spread = found.spreads.get(one.spread, {}).get(key, {})
    return _value(one, found.sums.get(key, {}), spread, base)


def _of_actions(one: Figure, states: Mapping[str, int] | None) -> Value:
    if states is None:
        return Value(None)
    if one.denominator:
        return _ratio(states[one.numerator], states[one.denominator], 100)
    return Value(states[one.numerator])


def applications(connection: Connection, name: str, part: Slice) -> list[int]:
    """The applications behind a figure's numerator (or its spread), for looking at them."""
    one = figures()[name]
    if one.how == "actions":
        return actions.sources(connection, one.numerator, part.first, part.last, part.where)
    if one.how == "open":
        return stock.open_ids(connection, part.last, part.where)
    if one.how in STOCK:
        clock = one.how.removeprefix("overdue_")
        return stock.overdue_ids(connection, part.last, clock, part.where)
    return counting.ids(connection, one.numerator or one.spread, part)


def _stock(connection: Connection, how: str, part: Slice, by: Sequence[str]) -> Mapping[Key, int]:
    if how == "open":
        return stock.open_at(connection, part.last, by, part.where)
    clock = how.removeprefix("overdue_")
    return stock.overdue_at(connection, part.last, clock, by, part.where)


def percentile(spread: Mapping[int, int], share: float) -> float | None:
    """The smallest value that at least ``share`` of the rows do not exceed."""
    rows, seen = sum(spread.values()), 0
    for value in sorted(spread):
        seen += spread[value]
        if seen >= share * rows:
            return float(value)
    return None


def _value(
    one: Figure, sums: Mapping[str, float], spread: Mapping[int, int], base: float | None
) -> Value:
    top, bottom = sums.get(one.numerator, 0), sums.get(one.denominator, 0)
    match one.how:
        case "count":
            return Value(top)
        case "share":
            return _ratio(top, bottom, 100)
        case "mean":
            return _ratio(top, bottom, 1)
        case "score":
            minus = sums.get(one.minus, 0)
            return _ratio(top - minus, bottom, 100)
        case "per_1000":
            return _ratio(top, base or 0, 1000)
        case "within":
            reached = sum(rows for value, rows in spread.items() if value <= one.limit)
            return _ratio(reached, bottom, 100)
        case "median" | "p90":
            share = 0.5 if one.how == "median" else 0.9
            return Value(percentile(spread, share), None, sum(spread.values()))
        case _:
            raise AssertionError(f"{one.how} is counted elsewhere")


def _ratio(top: float, bottom: float, times: int) -> Value:
    return Value(round(top * times / bottom, 4) if bottom else None, top, bottom)


def _in_force(bases: Mapping[Any, float], part: Slice, split: Mapping[str, Any]) -> float | None:
    """Policies and claims are known by branch: of one branch, or of all. Split by anything else
    there is no such number, and None is said instead of a wrong one."""
    known = {**part.where, **split}
    if set(known) - {"branch", "month"}:
        return None
    if "branch" in known:
        return bases.get(known["branch"])
    return sum(bases.values()) or None
