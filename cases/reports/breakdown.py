"""What stands behind some figures, one row for each reason: how late what is late is, why somebody
was not told, before whom applications were brought and how that ended."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cases.reports.wording import span
from storage.engine import Connection
from storage.reporting import counting, stock
from storage.reporting.counting import Slice

Row = dict[str, Any]
Span = tuple[int, int | None]
_BY_CODE = {
    "unreached": ("not_acknowledged", "delivery"),
    "forums": ("proceedings", "forum"),
    "results": ("proceedings_ended", "result"),
}
"""Table -> (counter, dimension of its codes)."""
LATE: Sequence[Span] = ((1, 5), (6, 10), (11, 20), (21, None))
"""Working days past the legal deadline."""


def breakdowns(connection: Connection, part: Slice) -> list[Row]:
    """``name``, ``dimension`` and ``rows`` of (``key``, ``count``), the largest first; only tables
    that have rows."""
    found = [_late(connection, part.last)]
    found += [
        {"name": name, "dimension": dimension, "rows": _by_code(connection, counter, part)}
        for name, (counter, dimension) in _BY_CODE.items()
    ]
    return [one for one in found if one["rows"]]


def _by_code(connection: Connection, counter: str, part: Slice) -> list[Row]:
    split = counting.count(connection, (counter,), part, ("code",))
    rows = [{"key": key[0], "count": sums[counter]} for key, sums in split.items() if sums[counter]]
    return sorted(rows, key=lambda row: (-row["count"], str(row["key"])))


def _late(connection: Connection, day: date) -> Row:
    """A deadline on a day without work is late from the next working day on."""
    ages = stock.overdue_ages(connection, day)
    rows = [
        {"key": span(one["from"], one["to"]), "count": one["count"]} for one in within(ages, LATE)
    ]
    return {"name": "late", "dimension": "days", "rows": rows if ages else []}


def within(ages: Mapping[int, int], spans: Sequence[Span]) -> list[Row]:
    """``from``, ``to`` and ``count`` of each span; what is younger than all is of the first."""
    youngest = min(low for low, _ in spans)
    return [
        {
            "from": low,
            "to": high,
            "count": sum(
                count
                for age, count in ages.items()
                if max(age, youngest) >= low and (high is None or age <= high)
            ),
        }
        for low, high in spans
    ]
