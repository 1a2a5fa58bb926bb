"""A report as PDF: typst sets the pages, charts are drawn from the same data."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from cases.reports import charts, wording
from cases.reports.paper import sheets
from cases.reports.paper.sheets import Sheet
from cases.reports.wording import word

Content = Mapping[str, Any]
Part = Mapping[str, Any]

TILES: Sequence[str] = (
    *("received", "closed", "open", "overdue_legal"),
    *("legal", "sla", "resolution_median", "csat"),
)
DAILY_TILES: Sequence[str] = (
    *("received", "closed", "open", "overdue_legal"),
    *("legal", "sla", "answer_median", "acknowledged_in_hour"),
)
REVIEW_PROMPTS = (
    (
        "Değişen koşullar ve önceki kararların durumu",
        "Changes, and what became of earlier decisions",
    ),
    ("Kararlar: süreç ve ürün değişiklikleri", "Decisions: changes of processes and products"),
    ("Kararlar: kaynak ihtiyaçları", "Decisions: resources"),
)
"""ISO 10002:2018 §8.6: what a review decides, to be filled in by those who hold it."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a paper says about itself."""

    company: str
    revision: int = 1
    fingerprint: str = ""
    language: str = "tr"
    taken_by: str = ""
    """Who took it out, and when: printed on every page of an export."""


def pdf(content: Content, stamp: Stamp) -> bytes:
    """The report as PDF (tagged, A4)."""
    import matplotlib  # noqa: PLC0415
    import typst  # noqa: PLC0415

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # DejaVu: has every Turkish letter
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = resources.files("cases.reports.paper").joinpath("report.typ")
        (folder / "report.typ").write_bytes(template.read_bytes())
        data = _data(content, stamp)
        for part in data["parts"]:
            if part["kind"] == "chart":
                drawn = charts.draw(content, part["name"], stamp.language)
                (folder / part["file"]).write_text(drawn, encoding="utf-8")
        return bytes(
            typst.compile(
                str(folder / "report.typ"),
                root=str(folder),
                font_paths=[str(fonts)],
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            )
        )


def _data(content: Content, stamp: Stamp) -> dict[str, Any]:
    language = stamp.language
    made = f"{word('made', language)}: {wording.moment(content['made_at'])}"
    if stamp.revision > 1:
        made += f" · {word('revision', language)} {stamp.revision}"
    footer = [word("confidential", language)]
    if stamp.taken_by:
        footer.append(stamp.taken_by)
    if stamp.fingerprint:
        footer.append(f"{word('fingerprint', language)} {stamp.fingerprint[:12]}")
    return {
        "company": stamp.company,
        "language": language,
        "title": wording.title(content, language),
        "period": wording.period_title(content, language),
        "made": made,
        "footer": " · ".join(footer),
        "page_word": word("page", language),
        "tiles": [_tile(content, name, language) for name in _tiles(content)],
        "tiles_note": _tiles_note(language) if _tiles(content) else "",
        "parts": list(_parts(content, language)),
    }


def _tiles(content: Content) -> Sequence[str]:
    if content["kind"] == "adhoc":
        return ()
    return DAILY_TILES if content["kind"] == "daily" else TILES


def _tiles_note(language: str) -> str:
    if language == "tr":
        return "Değişim önceki döneme göredir. ▲ iyileşme, ▼ kötüleşme."
    return "Change against the period before. ▲ better, ▼ worse."


def _tile(content: Content, name: str, language: str) -> Part:
    one, unit = sheets.figure_of(content, name), sheets.unit(content, name)
    about = [sheets.moved(content, one, language), sheets.ratio(one, unit, language)]
    return {
        "label": sheets.label(content, name, language),
        "value": wording.value(one["value"], unit, language),
        "about": " · ".join(part for part in about if part),
    }


def _parts(content: Content, language: str) -> Iterator[Part]:
    if content["kind"] == "adhoc":
        yield _sheet(sheets.adhoc(content))
    else:
        yield from _standard(content, language)
    yield {"kind": "head", "title": word("glossary", language)}
    about = f"about_{language}"
    terms = [[one[language], one[about]] for one in content["definitions"].values()]
    yield {"kind": "terms", "rows": terms}


def _standard(content: Content, language: str) -> Iterator[Part]:
    yield _sheet(sheets.balance(content, language))
    if content["kind"] == "quarterly":
        yield from _responsible(content, language)
    for table in content.get("return", ()):
        yield _sheet(sheets.split(content, table, language))
    yield from _pictures_and_tables(content, language)
    if content["outcomes"]:
        yield _sheet(sheets.outcomes(content, language))
    yield from map(_sheet, sheets.breakdowns(content, language))
    if content["kind"] != "daily":
        yield _sheet(sheets.actions(content, language))
    yield _sheet(sheets.figures(content, language))
    if content["kind"] == "review":
        yield from _review(language)


def _pictures_and_tables(content: Content, language: str) -> Iterator[Part]:
    """Trend and levels on the first page, the first table, the other charts, the other tables."""
    drawn = [_chart(name, language) for name in charts.wanted(content)]
    split = [sheets.split(content, one, language) for one in content["tables"] if one["rows"]]
    yield from drawn[:2]
    yield from map(_sheet, split[:1])
    yield from drawn[2:]
    yield from map(_sheet, split[1:])


def _responsible(content: Content, language: str) -> Iterator[Part]:
    """Table I of the return: the company's totals and who answers for them."""
    rows = [[one[n] for n in ("name", "title", "phone", "email")] for one in content["responsible"]]
    rows = rows or [[word("nobody_named", language), "", "", ""]]
    head = [word(n, language) for n in ("full_name", "title", "phone", "email")]
    title = word("responsible", language)
    yield _sheet(Sheet("responsible", title, head, rows, rows, widths=(3, 3, 2, 3), left=4))


def _review(language: str) -> Iterator[Part]:
    yield {"kind": "break"}
    for titles in REVIEW_PROMPTS:
        yield {"kind": "head", "title": titles[language != "tr"]}
        yield {"kind": "lines", "count": 6}


def _chart(name: str, language: str) -> Part:
    title = word(name, language)
    return {"kind": "chart", "name": name, "title": title, "file": f"{name}.svg", "alt": title}


def _sheet(one: Sheet) -> Part:
    return {
        "kind": "sheet",
        "title": one.title,
        "head": one.head,
        "widths": one.widths or [1] * len(one.head),
        "left": one.left,
        "rows": [
            {"cells": row, "strong": place in one.strong} for place, row in enumerate(one.rows)
        ],
        "note": one.note,
    }
