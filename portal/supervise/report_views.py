"""A kept report as a page shows it: the same tables as on paper, every figure with a way behind it.

Nothing is counted here: what stands in the report is drawn, in the words that were kept with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cases.reports import labels, wording
from cases.reports.paper import sheets
from cases.reports.paper.pdf import DAILY_TILES, TILES
from storage.reporting.keeping import Report

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is shown; ``href`` leads to the applications behind it."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with what it is compared with. ``mark``: better, worse or empty."""

    name: str
    label: str
    about: str
    cell: Cell
    of: str
    previous: str
    reported: str
    """What the report of the period before had said, where it is another figure now."""
    change: str
    mark: str
    last_year: str


@dataclass(frozen=True, slots=True)
class Split:
    """A table by a dimension: rows of (name, cells)."""

    title: str
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


def behind(figure: str, content: Content, dimension: str = "", key: Any = None) -> str:
    """The address of the applications behind a figure of this report."""
    given = content["period"]
    asked = {"figure": figure, "first": given["first"], "last": given["last"]}
    if dimension:
        asked |= {"by": dimension, "of": "" if key is None else str(key)}
    return f"/staff/reports/behind?{urlencode(asked)}"


def lines(content: Content, language: str) -> list[Line]:
    """All figures of a report."""
    return [_line(content, one, language) for one in content["figures"]]


def _line(content: Content, one: Content, language: str) -> Line:
    name, kind = one["name"], sheets.unit(content, one["name"])
    definition = content["definitions"][name]
    return Line(
        name,
        sheets.label(content, name, language),
        str(definition[f"about_{language}"]),
        Cell(wording.value(one["value"], kind, language), _way(content, name, one["value"])),
        sheets.ratio(one, kind, language),
        wording.value(one["previous"], kind, language),
        wording.value(one["reported"], kind, language) if "reported" in one else "",
        wording.change(one["value"], one["previous"], kind, language),
        wording.direction(one["value"], one["previous"], definition.get("good", "")),
        wording.value(one["last_year"], kind, language),
    )


def tiles(content: Content, language: str) -> list[Line]:
    """The figures on top."""
    wanted = DAILY_TILES if content["kind"] == "daily" else TILES
    known = {one.name: one for one in lines(content, language)}
    return [known[name] for name in wanted if name in known]


def splits(content: Content, language: str) -> list[Split]:
    tables = [*content.get("return", ()), *content["tables"]]
    return [_split(content, one, language) for one in tables if one["rows"]]


def _split(content: Content, table: Content, language: str) -> Split:
    drawn = sheets.split(content, table, language)
    dimension, columns = table["dimension"], table["columns"]
    rows = []
    for at, row in enumerate(drawn.rows):
        key = table["rows"][at] if at < len(table["rows"]) else None
        cells = [
            Cell(text, _cell_way(content, column, dimension, key))
            for column, text in zip(columns, row[1:], strict=True)
        ]
        rows.append((row[0], cells))
    return Split(drawn.title, drawn.head, rows)


def _cell_way(content: Content, figure: str, dimension: str, row: Content | None) -> str:
    if row is None or "return" in content or not row[figure]["value"]:
        return ""  # the return splits complaints only: its figures are others than the general ones
    return behind(figure, content, dimension, row["key"])


def _way(content: Content, figure: str, value: float | None) -> str:
    return behind(figure, content) if value else ""


def title(report: Report, language: str) -> str:
    """``Aylık rapor – Mart 2026``."""
    content = report.content
    name, period = wording.title(content, language), wording.period_title(content, language)
    return f"{name} – {period}"


def definitions(content: Content, language: str) -> list[tuple[str, str]]:
    return [(one[language], one[f"about_{language}"]) for one in content["definitions"].values()]


def dimension_name(name: str, language: str) -> str:
    return labels.DIMENSIONS[name][language != "tr"]
