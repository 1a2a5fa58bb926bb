"""A report as data: everything that stands in it, so that it can be kept and drawn again as it was.

The content is JSON: codes and figures, no personal data, no pictures. Names of codes and the
definitions of the figures are stored with it; a later change of either changes no old report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from statistics import fmean
from typing import Any

from cases.reports import labels, periods
from cases.reports.breakdown import breakdowns, within
from cases.reports.figures import Value, figures, measure, measure_split, percentile
from cases.reports.periods import Period, PeriodKind
from storage.engine import Connection
from storage.reporting import actions, counting, days, stock
from storage.reporting.counters import ANY
from storage.reporting.counting import Slice

FORMAT = 1
"""Version of the content."""

Row = dict[str, Any]
_ALL = tuple(figures())
BUCKETS = ((0, 1), (2, 5), (6, 10), (11, 15), (16, None))
"""Ages of the backlog in working days."""

_SHORT = (
    "received",
    "received_complaints",
    "acknowledged_in_hour",
    "answer_median",
    "sla",
    "legal",
)
_COLUMNS = ("received", "closed", "open", "overdue_legal", "legal", "resolution_median")
_ALSO: Mapping[str, tuple[str, ...]] = {"branch": ("complaints_per_1000",)}
"""Columns that only one table has: policies are known by branch."""
_MONTH = timedelta(days=27)
_TABLES: Mapping[str, tuple[str, ...]] = {
    "day": ("department", "channel", "type", "branch"),
    "week": ("department", "channel", "type", "branch", "topic"),
}
_LONG = ("department", "channel", "type", "branch", "topic", "province", "agent")
_TREND: Mapping[str, tuple[PeriodKind, int]] = {
    "day": ("day", 30),
    "week": ("week", 13),
    "month": ("month", 13),
    "quarter": ("month", 13),
    "year": ("month", 13),
    "span": ("week", 13),
}
FEW = 5
"""Rows that percentiles are worth drawing of."""
ROWS = 15
"""Rows of a table; the rest is summed up in one."""


def build(connection: Connection, kind: str, period: Period, now: datetime) -> Row:
    """What stands in the report of that kind on that period."""
    part = Slice(period.first, period.last)
    content: Row = {
        "format": FORMAT,
        "kind": kind,
        "period": {"kind": period.kind, "first": period.first, "last": period.last},
        "made_at": now,
        "balance": balance(connection, period),
        "figures": compared(connection, period),
        "tables": [
            table(connection, dimension, part) for dimension in _TABLES.get(period.kind, _LONG)
        ],
        "outcomes": _outcomes(connection, part),
        "breakdowns": breakdowns(connection, part),
        "causes": causes(connection, part),
        "actions": actions.state(connection, period.first, period.last),
        "ageing": ageing(connection, period.last),
        "trend": trend(connection, period),
        "stacked": stacked(connection, part),
        "heat": heat(connection, part),
        "control": control(connection, period.last),
        "durations": durations(connection, part),
        "strip": strip(connection, part),
        "definitions": {name: one.definition() for name, one in figures().items()},
    }
    content["labels"] = labels.used_in(content, labels.known(connection))
    return dict(plain(content))


def balance(
    connection: Connection, period: Period, by: Sequence[str] = (), key: tuple[Any, ...] = ()
) -> Row:
    """Opening + received + reopened − closed = closing: the stocks are counted from the spans in
    which each application was open, the flows from what happened."""
    part = Slice(period.first, period.last, dict(zip(by, key, strict=True)))
    before = period.first - timedelta(days=1)
    flows = counting.count(connection, ("received", "reopened", "closed"), part)[()]
    opening = stock.open_at(connection, before, (), part.where)[()]
    closing = stock.open_at(connection, period.last, (), part.where)[()]
    sums = opening + flows["received"] + flows["reopened"] - flows["closed"]
    return {"opening": opening, **flows, "closing": closing, "balances": sums == closing}


def compared(connection: Connection, period: Period) -> list[Row]:
    """Every figure, with the period before and the same period last year."""
    rates = period.kind != "day"  # a day's complaints say nothing of a month's policies
    names = tuple(name for name in _ALL if rates or not figures()[name].per)
    begun = days.first_day(connection)
    values = [
        measure(connection, names, Slice(one.first, one.last))[()]
        if begun and one.last >= begun
        else dict.fromkeys(names, Value(None))  # nothing was recorded here yet: not zero
        for one in (period, periods.previous(period), periods.year_before(period))
    ]
    return [
        {
            "name": name,
            **asdict(values[0][name]),
            "previous": values[1][name].value,
            "last_year": values[2][name].value,
        }
        for name in names
    ]


def table(connection: Connection, dimension: str, part: Slice, shown: int | None = ROWS) -> Row:
    """The main figures, split by a dimension; the largest first, those after the first ``shown``
    in one row."""
    if dimension == "agent":  # most applications are about no intermediary
        part = replace(part, where={**part.where, "agent": ANY})
    is_long = (
        part.last - part.first >= _MONTH
    )  # a day's complaints say nothing of a year's policies
    columns = (*_COLUMNS, *(_ALSO.get(dimension, ()) if is_long else ()))
    split, total = measure_split(connection, columns, part, dimension)
    rows = [
        {"key": key, **{name: asdict(value) for name, value in values.items()}}
        for key, values in split.items()
    ]
    rows = [row for row in rows if any(row[n]["value"] for n in ("received", "closed", "open"))]
    rows.sort(key=lambda row: (-row["received"]["value"], -row["open"]["value"], str(row["key"])))
    return {
        "dimension": dimension,
        "columns": columns,
        "rows": rows[:shown],
        "left_out": len(rows) - len(rows[:shown]),
        "rest": _summed(rows[len(rows[:shown]) :]),
        "total": {name: asdict(value) for name, value in total.items()},
    }


def _summed(rows: Sequence[Row]) -> Row:
    """Rows that are not shown one by one. What cannot be added up is not shown."""
    out: Row = {}
    for name in ("received", "closed", "open", "overdue_legal") if rows else ():
        out[name] = asdict(Value(sum(row[name]["value"] for row in rows)))
    return out


def _outcomes(connection: Connection, part: Slice) -> list[Row]:
    closed = counting.count(connection, ("closed", "redress"), part, ("code",))
    rows = [
        {"key": key[0], "closed": sums["closed"], "redress": sums["redress"]}
        for key, sums in closed.items()
        if sums["closed"]
    ]
    return sorted(rows, key=lambda row: -row["closed"])


def causes(connection: Connection, part: Slice) -> list[Row]:
    """Root causes that were found, the most frequent first, with the running share (Pareto)."""
    found = counting.count(connection, ("causes_found",), part, ("code",))
    rows = [(key[0], sums["causes_found"]) for key, sums in found.items() if sums["causes_found"]]
    rows.sort(key=lambda row: (-row[1], str(row[0])))
    total = sum(count for _, count in rows)
    running = accumulate(count for _, count in rows)
    return [
        {"key": key, "count": count, "running": round(100 * so_far / total, 2)}
        for (key, count), so_far in zip(rows, running, strict=True)
    ]


def ageing(connection: Connection, day: date) -> list[Row]:
    """Open applications by working days since receipt."""
    return within(stock.ages(connection, day), BUCKETS)


def trend(connection: Connection, period: Period) -> Row:
    """Received, closed and still open, period by period up to this one."""
    kind, count = _TREND[period.kind]
    last = periods.containing(kind, period.last)
    first = last
    for _ in range(count - 1):
        first = periods.previous(first)
    moved = stock.daily(connection, first.first, min(last.last, period.last), kind)
    left = stock.open_at(connection, first.first - timedelta(days=1))[()]
    points = []
    for start, received, reopened, closed in moved:
        left += received + reopened - closed
        points.append({"start": start, "received": received, "closed": closed, "open": left})
    return {"period": kind, "points": points}


def stacked(connection: Connection, part: Slice) -> list[Row]:
    """Received by channel and type."""
    split = counting.count(connection, ("received",), part, ("channel", "type"))
    return [
        {"channel": channel, "type": type_, "count": sums["received"]}
        for (channel, type_), sums in sorted(split.items())
        if sums["received"]
    ]


def heat(connection: Connection, part: Slice) -> list[list[int]]:
    """Received by weekday (Monday first) and hour of receipt, in Istanbul."""
    grid = [[0] * 24 for _ in range(7)]
    split = counting.count(connection, ("received",), part, ("weekday", "hour"))
    for (weekday, hour), sums in split.items():
        grid[weekday][hour] = int(sums["received"])
    return grid


def control(connection: Connection, last: date, weeks: int = 26) -> Row:
    """Complaints a week with mean and limits, over whole weeks.

    Individuals chart: sigma is the mean moving range / 1.128, so that one disaster does not widen
    the limits by which it is to be seen (ISO 7870-2).
    """
    end = periods.containing("week", last)
    if end.last > last:
        end = periods.previous(end)
    begin = end.first - timedelta(weeks=weeks - 1)
    split = counting.count(connection, ("received_complaints",), Slice(begin, end.last), ("week",))
    counts = {key[0]: int(sums["received_complaints"]) for key, sums in split.items()}
    starts = [begin + timedelta(weeks=i) for i in range(weeks)]
    points: list[Row] = [{"start": start, "count": counts.get(start, 0)} for start in starts]
    known = [counts.get(start, 0) for start in starts[_first_busy(points) :]]
    if len(known) < 3:
        return {"points": points, "mean": None, "lower": None, "upper": None}
    moves = [abs(b - a) for a, b in pairwise(known)]
    mean, sigma = fmean(known), fmean(moves) / 1.128
    return {
        "points": points,
        "mean": round(mean, 2),
        "lower": round(max(mean - 3 * sigma, 0), 2),
        "upper": round(mean + 3 * sigma, 2),
    }


def _first_busy(points: Sequence[Row]) -> int:
    """Weeks before the first complaint are weeks before there was a system."""
    return next((i for i, point in enumerate(points) if point["count"]), len(points))


def durations(connection: Connection, part: Slice) -> list[Row]:
    """How many were closed within how many working days; 20 and more in one."""
    spread = counting.spread(connection, "resolution_days", part).get((), {})
    out = [{"days": day, "count": spread.get(day, 0)} for day in range(1, 20)]
    first = sum(count for day, count in spread.items() if day <= 0)
    late = sum(count for day, count in spread.items() if day >= 20)
    return [{"days": 0, "count": first}, *out, {"days": 20, "count": late}]


def strip(connection: Connection, part: Slice) -> list[Row]:
    """Working days to closing by branch: five percentiles of each, the largest branches first.
    Less than five closed are no spread."""
    found = counting.spread(connection, "resolution_days", part, ("branch",))
    rows = [
        {"key": key[0], "rows": sum(days.values())}
        | {f"p{n}": percentile(days, n / 100) for n in (10, 25, 50, 75, 90)}
        for key, days in found.items()
    ]
    large = [row for row in rows if row["key"] and row["rows"] >= FEW]
    return sorted(large, key=lambda row: (-row["rows"], row["key"]))[:12]


def plain(value: Any) -> Any:
    """Only what JSON has: moments and days in ISO form, lists for tuples."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
