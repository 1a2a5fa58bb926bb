"""A report as a spreadsheet: numbers as numbers, nothing of it a formula."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cases.reports import wording
from cases.reports.paper import sheets
from cases.reports.paper.pdf import Stamp
from cases.reports.paper.sheets import Amount, Sheet
from cases.reports.wording import word

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Content = Mapping[str, Any]
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,  # what somebody wrote is never run
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


def xlsx(content: Content, stamp: Stamp) -> bytes:
    """The report as an XLSX workbook, a sheet for each table."""
    from xlsxwriter import Workbook  # noqa: PLC0415

    out = BytesIO()
    book = Workbook(out, OPTIONS)
    book.set_properties({"title": wording.title(content, stamp.language), "company": stamp.company})
    book.set_size(2400, 1500)
    language = stamp.language
    looks = _Looks(book, language)
    if content["kind"] != "adhoc":
        _cover(looks, content, stamp)
    period = wording.period_title(content, language)
    for one in _sheets(content, language):
        _write(looks, one, stamp, f"{wording.title(content, language)} · {period}")
    _definitions(looks, content, stamp)
    book.close()
    return out.getvalue()


def _sheets(content: Content, language: str) -> Sequence[Sheet]:
    if content["kind"] == "adhoc":
        return [replace(sheets.adhoc(content), title=content["name"])]
    tables = [*content.get("return", ()), *content["tables"]]
    return [
        sheets.figures(content, language),
        *(sheets.split(content, table, language) for table in tables if table["rows"]),
        sheets.outcomes(content, language),
        *sheets.breakdowns(content, language),
        sheets.actions(content, language),
        *sheets.series(content, language),
    ]


def _cover(looks: "_Looks", content: Content, stamp: Stamp) -> None:
    book, language = looks.book, stamp.language
    page = book.add_worksheet(word("summary", language))
    page.hide_gridlines(2)
    page.set_column(0, 0, 34)
    page.set_column(1, 4, 20)
    page.write_string(0, 0, stamp.company, book.add_format({"font_color": "#5d6878"}))
    big = book.add_format({"bold": True, "font_size": 18})
    page.set_row(1, 27)
    page.write_string(1, 0, wording.title(content, language), big)
    middle = book.add_format({"font_size": 12})
    page.write_string(2, 0, wording.period_title(content, language), middle)
    small = book.add_format({"font_color": "#5d6878", "font_size": 9})
    page.write_string(3, 0, _about(content, stamp), small)
    for column, name in enumerate(sheets.BALANCE):
        page.write_string(5, column, word(name, language), looks.head(right=True))
        page.write_number(6, column, content["balance"][name], looks.of("#,##0"))
    holds = content["balance"]["balances"]
    page.write_string(7, 0, word("balances" if holds else "off_balance", language), small)
    names = [word(n, language) for n in ("figure", "value", "of", "previous", "change")]
    for column, text in enumerate(names):
        page.write_string(9, column, text, looks.head())
    rows = {row[0]: row for row in sheets.figures(content, language).rows}
    for line, name in enumerate(_TILES, 10):
        row = rows[sheets.label(content, name, language)]
        for column, text in enumerate(row[:5]):
            page.write_string(line, column, text, looks.of(strong=column < 2))
    _print_setup(page, stamp, landscape=False)


_TILES = (
    *("received", "closed", "open", "overdue_legal", "legal", "sla"),
    *("resolution_median", "acknowledged_in_hour", "csat"),
)


def _about(content: Content, stamp: Stamp) -> str:
    language = stamp.language
    parts = [f"{word('made', language)}: {wording.moment(content['made_at'])}"]
    if stamp.revision > 1:
        parts.append(f"{word('revision', language)} {stamp.revision}")
    if stamp.fingerprint:
        parts.append(f"{word('fingerprint', language)} {stamp.fingerprint[:12]}")
    parts += [stamp.taken_by] if stamp.taken_by else []
    return " · ".join([*parts, word("confidential", language)])


@dataclass(frozen=True, slots=True)
class _Looks:
    """How cells of one book look; a format is made once."""

    book: "Workbook"
    language: str
    made: dict[tuple[str, bool, bool], "Format"] = field(default_factory=dict)

    def of(self, pattern: str = "", *, strong: bool = False, right: bool = False) -> "Format":
        key = (pattern, strong, right)
        if key not in self.made:
            look: dict[str, Any] = {"num_format": pattern} if pattern else {}
            look |= {"bold": True} if strong else {}
            self.made[key] = self.book.add_format(look | ({"align": "right"} if right else {}))
        return self.made[key]

    def head(self, *, right: bool = False) -> "Format":
        if ("head", True, right) not in self.made:
            look = {"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"}
            look |= {"align": "right"} if right else {}
            self.made["head", True, right] = self.book.add_format(look)
        return self.made["head", True, right]

    def number(self, cell: float | Amount, *, strong: bool) -> "Format":
        if isinstance(cell, Amount):
            return self.of(wording.pattern(cell.unit, self.language), strong=strong)
        whole = isinstance(cell, int) or cell % 1 == 0
        return self.of("#,##0" if whole else "#,##0.0#", strong=strong)


def _write(looks: _Looks, one: Sheet, stamp: Stamp, heading: str) -> None:
    book = looks.book
    page = book.add_worksheet(_tab(book, one.title))
    for column, text in enumerate(one.head):
        page.write_string(0, column, text, looks.head(right=column >= one.left))
    for line, row in enumerate(one.raw, 1):
        for column, cell in enumerate(row):
            place = (line, column)
            _cell(page, place, cell, looks, strong=line - 1 in one.strong, left=column < one.left)
    page.set_column(0, 0, max([12, *(len(str(row[0])) + 2 for row in one.raw)][:60]))
    page.set_column(1, len(one.head) - 1, 5 if one.name == "heat" else 16)
    page.freeze_panes(1, 1)
    if one.raw and not one.strong:
        page.autofilter(0, 0, len(one.raw), len(one.head) - 1)
    if one.name == "heat":
        scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#5F7C9E"}
        page.conditional_format(1, 1, 7, 24, scale)
    if one.name == "trend" and one.raw:
        _line_chart(book, page, one)
    page.set_header(f"&L&9{heading.replace('&', '&&')}&R&9&A")
    _print_setup(page, stamp, landscape=one.name != "figures")


def _cell(
    page: "Worksheet", place: tuple[int, int], cell: Any, looks: _Looks, *, strong: bool, left: bool
) -> None:
    if cell is None or cell == "":
        page.write_blank(*place, None, looks.of(strong=strong))
    elif isinstance(cell, int | float | Amount):
        amount = cell.number if isinstance(cell, Amount) else cell
        page.write_number(*place, amount, looks.number(cell, strong=strong))
    else:
        page.write_string(*place, _day(str(cell)), looks.of(strong=strong, right=not left))


def _line_chart(book: "Workbook", page: "Worksheet", one: Sheet) -> None:
    chart = book.add_chart({"type": "line"})
    dashes = ("solid", "dash", "round_dot")
    for column, dash in enumerate(dashes, 1):
        chart.add_series(
            {
                "name": [page.name, 0, column],
                "categories": [page.name, 1, 0, len(one.raw), 0],
                "values": [page.name, 1, column, len(one.raw), column],
                "line": {"dash_type": dash, "width": 1.75, "color": "#1B2A41"},
            }
        )
    chart.set_title({"name": one.title, "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 320})
    page.insert_chart(1, len(one.head) + 1, chart)


def _definitions(looks: _Looks, content: Content, stamp: Stamp) -> None:
    book, language = looks.book, stamp.language
    page = book.add_worksheet(word("glossary", language))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.write_string(0, 0, word("figure", language), looks.head())
    page.write_string(0, 1, word("glossary", language), looks.head())
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 110)
    for line, one in enumerate(content["definitions"].values(), 1):
        page.write_string(line, 0, one[language], looks.of(strong=True))
        page.write_string(line, 1, one[f"about_{language}"], wrapped)
    _print_setup(page, stamp, landscape=True)


def _print_setup(page: "Worksheet", stamp: Stamp, *, landscape: bool) -> None:
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L&8{stamp.company.replace('&', '&&')}&R&8&P / &N")
    if landscape:
        page.set_landscape()
        page.repeat_rows(0)


def _tab(book: "Workbook", title: str) -> str:
    """A name that Excel takes: 31 letters, none of its own signs, no name twice."""
    name = "".join(" " if c in "[]:*?/\\" else c for c in title).strip("' ")
    if len(name) > 31:
        name = name[:32].rpartition(" ")[0][:31].strip("' ") or name[:31]
    taken = {page.name for page in book.worksheets()}
    count = 2
    while name in taken:
        name = f"{name[:28]} {count}"
        count += 1
    return name


def _day(text: str) -> str:
    """ISO days as Turkish readers write them."""
    try:
        return f"{date.fromisoformat(text):%d.%m.%Y}" if len(text) == 10 else text
    except ValueError:
        return text  # ten letters that are no day
