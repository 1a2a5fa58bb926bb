"""Reports that somebody puts together: measures, dimensions, a period, conditions. Saved under a
name, they run on a schedule like the others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from cases.reports import labels, making, periods
from cases.reports.figures import STOCK, Figure, Value, figures, measure
from cases.reports.paper.sheets import Sheet
from cases.reports.periods import Period
from cases.reports.wording import value
from config.clock import local_date
from config.errors import BasvuruError
from storage.engine import Connection
from storage.reporting import keeping
from storage.reporting.counters import DIMENSIONS, PERIODS
from storage.reporting.counting import Slice

SPANS = ("yesterday", "last_week", "last_month", "last_quarter", "this_month", "this_year")
MOST_DIMENSIONS = 3


class BadChoice(BasvuruError):
    """A measure, dimension or period that there is not. Nothing was run or saved."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``span``: one of :data:`SPANS`, moving with the calendar; or ``first`` and ``last``."""

    measures: Sequence[str]
    by: Sequence[str] = ()
    span: str = "last_month"
    first: date | None = None
    last: date | None = None
    where: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "measures", tuple(self.measures))
        object.__setattr__(self, "by", tuple(self.by))
        known = {**DIMENSIONS, **PERIODS}
        _known("measure", self.measures, figures())
        _known("dimension", self.by, known)
        _known("dimension", self.where, DIMENSIONS)
        _known("span", [self.span], SPANS)
        if not self.measures:
            raise BadChoice(f"No measure is chosen. There are: {', '.join(figures())}.")
        if len(self.by) > MOST_DIMENSIONS:
            raise BadChoice(f"At most {MOST_DIMENSIONS} dimensions.")
        whole = [n for n in self.measures if figures()[n].how == "actions"]
        if whole and self.by:
            raise BadChoice(f"{whole[0]} is a figure of the whole house: not by {self.by[0]}.")
        stocks = [n for n in self.measures if figures()[n].how in STOCK]
        if stocks and set(self.by) & set(PERIODS):
            raise BadChoice(f"{stocks[0]} is counted when a period ends: not by day or month.")

    def definition(self) -> dict[str, Any]:
        """As it is saved."""
        plain = {k: v for k, v in asdict(self).items() if v not in (None, ())}
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in plain.items()}

    @classmethod
    def of(cls, definition: Mapping[str, Any]) -> "Choice":
        days = {
            name: date.fromisoformat(definition[name])
            for name in ("first", "last")
            if definition.get(name)
        }
        return cls(**{**definition, **days})


def run(connection: Connection, choice: Choice, now: datetime) -> dict[tuple[Any, ...], Any]:
    """Values of the dimensions -> figure -> :class:`Value`."""
    period = period_of(choice, local_date(now))
    part = Slice(period.first, period.last, choice.where)
    return dict(measure(connection, choice.measures, part, choice.by))


def sheet(
    connection: Connection, choice: Choice, now: datetime, *, title: str, language: str = "tr"
) -> Sheet:
    """The same as a table, sorted by the dimensions, or by the first measure where there is one
    dimension that is no time."""
    found = run(connection, choice, now)
    english = language != "tr"
    wanted = [figures()[name] for name in choice.measures]
    keys = sorted(found, key=lambda key: _order(key, choice, found))
    ours = labels.known(connection)
    words = {
        key: [_word(d, k, english, ours) for d, k in zip(choice.by, key, strict=True)]
        for key in keys
    }
    return Sheet(
        name="adhoc",
        title=title,
        head=[
            *(labels.DIMENSIONS[name][english] for name in choice.by),
            *(one.en if english else one.tr for one in wanted),
        ],
        rows=[[*words[key], *_shown(found[key], wanted, language)] for key in keys],
        raw=[[*words[key], *(found[key][one.name].value for one in wanted)] for key in keys],
        left=len(choice.by),
    )


def period_of(choice: Choice, today: date) -> Period:
    """The days that a choice speaks of."""
    if choice.first and choice.last:
        return periods.span(choice.first, choice.last)
    match choice.span:
        case "yesterday":
            return periods.previous(periods.containing("day", today))
        case "this_month":
            return periods.span(today.replace(day=1), today)
        case "this_year":
            return periods.span(date(today.year, 1, 1), today)
    kind = choice.span.removeprefix("last_")
    return periods.previous(periods.containing(kind, today))  # type: ignore[arg-type]


def save(
    connection: Connection,
    name: str,
    choice: Choice,
    *,
    schedule: str = "",
    recipients: Sequence[str] = (),
    by: str,
    now: datetime,
) -> None:
    """Keep a choice under a name. Raises ConfigurationError for a bad schedule."""
    if schedule:
        next(making.ticks(schedule, now))
    keeping.save_choice(
        connection, name, choice.definition(), schedule=schedule, recipients=recipients, by=by,
        now=now,
    )  # fmt: skip


def due(connection: Connection, now: datetime) -> list[tuple[str, Choice, Sequence[str]]]:
    """(name, choice, recipients) of saved reports whose moment has come since they ran last."""
    return [
        (row["name"], Choice.of(row["definition"]), row["recipients"])
        for row in keeping.choices(connection)
        if row["schedule"] and next(making.ticks(row["schedule"], row["run_at"])) <= now
    ]


def make(connection: Connection, name: str, choice: Choice, *, by: str, now: datetime) -> int:
    """Run a saved report and keep what came out. Returns the id of the report."""
    period = period_of(choice, local_date(now))
    table = sheet(connection, choice, now, title=name)
    content = {
        "kind": "adhoc",
        "name": name,
        "choice": choice.definition(),
        "head": list(table.head),
        "rows": [list(row) for row in table.rows],
        "raw": [[_plain(cell) for cell in row] for row in table.raw],
        "definitions": {n: figures()[n].definition() for n in choice.measures},
        "period": {
            "kind": period.kind,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
        },
        "made_at": now.isoformat(),
    }
    keeping.choice_ran(connection, name, now)
    return keeping.keep(
        connection,
        kind="adhoc",
        first=period.first,
        last=period.last,
        content=content,
        content_hash=making.fingerprint(content),
        by=by,
        now=now,
    )


def _order(key: tuple[Any, ...], choice: Choice, found: Mapping[Any, Any]) -> tuple[Any, ...]:
    if len(choice.by) == 1 and choice.by[0] not in (*PERIODS, "weekday", "hour"):
        first: Value = found[key][choice.measures[0]]
        return (-(first.value or 0), str(key))
    return tuple((part is None, part if isinstance(part, int) else str(part)) for part in key)


def _word(dimension: str, code: Any, english: bool, ours: Mapping[str, labels.Names]) -> str:
    if isinstance(code, date):
        return f"{code:%d.%m.%Y}"
    return labels.names(dimension, code, ours)[english]


def _shown(values: Mapping[str, Value], wanted: Sequence[Figure], language: str) -> list[str]:
    return [value(values[one.name].value, one.unit, language) for one in wanted]


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date) else cell


def _known(what: str, names: Collection[str], there: Collection[str]) -> None:
    if unknown := [name for name in names if name not in there]:
        raise BadChoice(f"There is no {what} {unknown[0]}. There are: {', '.join(there)}.")
