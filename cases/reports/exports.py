"""Figures and lists that leave the system as a file: anonymised, marked, logged.

Anonymised means: no number and no words of anybody, and no count below five, since a small group
names its members. Whoever may see personal data of all (customer service) gets numbers and exact
counts. Every file says who took it and when, and a row of ``export_log`` says the same.
"""

import csv
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any

from cases.number import shown
from cases.reports import figures, labels
from cases.reports.paper.xlsx import OPTIONS
from config.clock import local
from storage.engine import Connection
from storage.reporting import keeping, lists
from storage.reporting.counting import Slice

FEWEST = 5
"""Counts below this are not shown outside customer service."""
MOST_ROWS = 20_000
"""Rows of one export at the most."""
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a cell (OWASP, CSV injection)."""

MaySee = Callable[[Collection[int]], Collection[int]]
"""Which of these applications somebody may open."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes an export. ``names_people``: may have numbers and exact small counts."""

    login: str
    names_people: bool = False

    def mark(self, now: datetime) -> str:
        return f"{self.login}, {local(now):%d.%m.%Y %H:%M}"


@dataclass(frozen=True, slots=True)
class Behind:
    """The applications behind a figure. ``hidden``: those that this person may not open."""

    rows: Sequence[Mapping[str, Any]]
    hidden: int


def behind(
    connection: Connection, figure: str, part: Slice, may_see: MaySee, *, limit: int = MOST_ROWS
) -> Behind:
    """Drill down from a figure to its applications, as rights allow. Raises KeyError."""
    ids = figures.applications(connection, figure, part)
    visible = sorted(may_see(ids))
    return Behind(lists.facts_of(connection, visible[:limit]), len(ids) - len(visible))


def table_csv(
    connection: Connection,
    head: Sequence[str],
    rows: Sequence[Sequence[Any]],
    taker: Taker,
    *,
    what: str,
    criteria: Mapping[str, Any],
    now: datetime,
) -> bytes:
    """A table of figures as CSV for Excel in Turkey: UTF-8 with BOM, semicolons."""
    safe = [row if taker.names_people else suppressed(row) for row in rows[:MOST_ROWS]]
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([[guarded(cell) for cell in row] for row in (head, *safe)])
    writer.writerow([guarded(taker.mark(now))])
    data = out.getvalue().encode("utf-8-sig")
    _log(connection, what, criteria, len(safe), taker, data, now)
    return data


def list_csv(
    connection: Connection,
    ids: Collection[int],
    taker: Taker,
    *,
    what: str,
    criteria: Mapping[str, Any],
    now: datetime,
    language: str = "tr",
) -> bytes:
    """Applications as CSV, one a row."""
    head, rows = _listed(connection, ids, taker, language)
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([[guarded(cell) for cell in row] for row in (head, *rows)])
    writer.writerow([guarded(taker.mark(now))])
    data = out.getvalue().encode("utf-8-sig")
    _log(connection, what, criteria, len(rows), taker, data, now)
    return data


def list_xlsx(
    connection: Connection,
    ids: Collection[int],
    taker: Taker,
    *,
    what: str,
    criteria: Mapping[str, Any],
    now: datetime,
    language: str = "tr",
) -> bytes:
    """Applications as XLSX, one a row; the mark stands in the head and in the foot of the page."""
    from xlsxwriter import Workbook  # noqa: PLC0415  needed only where something is written

    head, rows = _listed(connection, ids, taker, language)
    out = BytesIO()
    book = Workbook(out, OPTIONS)
    page = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 2})
    page.write_string(0, 0, taker.mark(now))
    for column, name in enumerate(head):
        page.write_string(1, column, name, bold)
    for line, row in enumerate(rows, 2):
        for column, cell in enumerate(row):
            page.write_string(line, column, str(cell))
    page.set_column(0, len(head), 18)
    page.freeze_panes(2, 0)
    page.set_footer(f"&L&8{taker.mark(now).replace('&', '&&')}&R&8&P / &N")
    book.close()
    data = out.getvalue()
    _log(connection, what, criteria, len(rows), taker, data, now)
    return data


def suppressed(row: Sequence[Any]) -> list[Any]:
    """A row without counts of fewer than five; shares and texts stay."""
    return [f"<{FEWEST}" if isinstance(cell, int) and 0 < cell < FEWEST else cell for cell in row]


def guarded(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula. Numbers stay as they are."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)
    text = str(cell)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _listed(
    connection: Connection, ids: Collection[int], taker: Taker, language: str
) -> tuple[list[str], list[list[str]]]:
    english = language != "tr"
    found = lists.facts_of(connection, sorted(ids)[:MOST_ROWS])
    head = [_HEADS.get(name) or labels.DIMENSIONS[name] for name in lists.FIELDS]
    titles = [one[english] for one in head]
    ours = labels.known(connection)
    rows = [[_cell(name, row[name], english, ours) for name in lists.FIELDS] for row in found]
    if not taker.names_people:
        return titles, rows
    number = "Number" if english else "Başvuru no"
    return [number, *titles], [
        [shown(fact["number"]), *row] for fact, row in zip(found, rows, strict=True)
    ]


_HEADS = {
    "received_day": ("Ulaşma tarihi", "Received"),
    "legal_due_day": ("Yasal süre sonu", "Legal deadline"),
    "settled_day": ("Cevap tarihi", "Answered"),
    "transfers": ("Devir sayısı", "Transfers"),
    "reopenings": ("Yeniden açılma", "Reopenings"),
}


def _cell(name: str, value: Any, english: bool, ours: Mapping[str, labels.Names]) -> str:
    if name in labels.DIMENSIONS:
        return labels.names(name, value, ours)[english]
    if value is None:
        return ""
    return f"{value:%d.%m.%Y}" if hasattr(value, "year") else str(value)


def _log(
    connection: Connection,
    what: str,
    criteria: Mapping[str, Any],
    rows: int,
    taker: Taker,
    data: bytes,
    now: datetime,
) -> None:
    keeping.log_export(
        connection,
        what=what,
        criteria=criteria,
        rows=rows,
        anonymised=not taker.names_people,
        sha256=sha256(data).hexdigest(),
        by=taker.login,
        now=now,
    )
