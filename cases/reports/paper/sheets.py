"""The tables of a report in words, for paper and for spreadsheets alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cases.reports import labels
from cases.reports.wording import NOTHING, change, direction, number, span, value, word

Content = Mapping[str, Any]
BALANCE = ("opening", "received", "reopened", "closed", "closing")
ARROWS = {"better": " ▲", "worse": " ▼", "": ""}


class Amount(NamedTuple):
    """A number with its unit, which a spreadsheet shows beside it."""

    number: float
    unit: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows``: cells as they are shown; ``raw``: the same as numbers and :class:`Amount`, for a
    spreadsheet.
    ``strong``: the row is a total. ``left``: columns of text at the left."""

    name: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    raw: Sequence[Sequence[Any]]
    widths: Sequence[int] = ()
    strong: Sequence[int] = ()
    left: int = 1
    note: str = ""


def figure_of(content: Content, name: str) -> Mapping[str, Any]:
    """A figure of a report by its name. Raises KeyError."""
    for row in content["figures"]:
        if row["name"] == name:
            return dict(row)
    raise KeyError(name)


def label(content: Content, name: str, language: str) -> str:
    """What a figure was called when the report was made."""
    return str(content["definitions"][name][language])


def unit(content: Content, name: str) -> str:
    return str(content["definitions"][name]["unit"])


def balance(content: Content, language: str) -> Sheet:
    row = content["balance"]
    cells = [number(row[name], 0, language) for name in BALANCE]
    signs = ("", "+ ", "+ ", "− ", "= ")
    return Sheet(
        "balance",
        word("balance", language),
        [word(name, language) for name in BALANCE],
        [[sign + cell for sign, cell in zip(signs, cells, strict=True)]],
        [[row[name] for name in BALANCE]],
        widths=(1, 1, 1, 1, 1),
        left=0,
        note=word("balances" if row["balances"] else "off_balance", language),
    )


def figures(content: Content, language: str) -> Sheet:
    """All figures with numerator and denominator, and the two periods to compare with."""
    head = [word(n, language) for n in ("figure", "value", "of", "previous", "change", "last_year")]
    rows, raw = [], []
    for one in content["figures"]:
        kind = unit(content, one["name"])
        was, last_year = one["previous"], one["last_year"]
        mark = " ʳ" if "reported" in one else ""
        rows.append(
            [
                label(content, one["name"], language),
                value(one["value"], kind, language),
                ratio(one, kind, language),
                value(was, kind, language) + mark,
                moved(content, one, language),
                value(last_year, kind, language),
            ]
        )
        raw.append(
            [
                label(content, one["name"], language),
                _amount(one["value"], kind),
                ratio(one, kind, language),
                _amount(was, kind),
                moved(content, one, language),
                _amount(last_year, kind),
            ]
        )
    revised = any("reported" in one for one in content["figures"])
    return Sheet(
        "figures",
        word("figures", language),
        head,
        rows,
        raw,
        widths=(10, 5, 6, 5, 5, 5),
        note=word("revised", language) if revised else "",
    )


def split(content: Content, table: Content, language: str) -> Sheet:
    """One table by a dimension."""
    dimension, columns = table["dimension"], table["columns"]
    name = labels.DIMENSIONS[dimension][language != "tr"]
    rows = [
        [labels.shown(content, dimension, row["key"], language)]
        + [value(row[c]["value"], unit(content, c), language) for c in columns]
        for row in table["rows"]
    ]
    raw: list[list[Any]] = [
        [labels.shown(content, dimension, row["key"], language)]
        + [_amount(row[c]["value"], unit(content, c)) for c in columns]
        for row in table["rows"]
    ]
    for title, row in ((_rest(table, language), table["rest"]), ("total", table["total"])):
        if not row:
            continue
        text = word("total", language) if title == "total" else title
        amounts = [row.get(c, {"value": None})["value"] for c in columns]
        units = [unit(content, c) for c in columns]
        rows.append([text, *(value(a, u, language) for a, u in zip(amounts, units, strict=True))])
        raw.append([text, *(_amount(a, u) for a, u in zip(amounts, units, strict=True))])
    head = [name, *(label(content, c, language) for c in columns)]
    strong = (len(rows) - 1,)
    title = word(table["title"], language) if "title" in table else name
    return Sheet(
        dimension, title, head, rows, raw, widths=(3, *(2 for _ in columns)), strong=strong
    )


ACTIONS = ("open", "overdue", "opened", "done", "judged", "effective")


def actions(content: Content, language: str) -> Sheet:
    """Corrective and preventive actions."""
    row = content["actions"]
    return Sheet(
        "actions",
        word("actions", language),
        [word(f"actions_{name}", language) for name in ACTIONS],
        [[number(row[name], 0, language) for name in ACTIONS]],
        [[row[name] for name in ACTIONS]],
        widths=(1, 1, 1, 1, 1, 1),
        left=0,
    )


def adhoc(content: Content) -> Sheet:
    """What somebody put together, as it came out."""
    left = len(content["head"]) - len(content["definitions"])
    return Sheet("adhoc", "", content["head"], content["rows"], content["raw"], left=left)


def outcomes(content: Content, language: str) -> Sheet:
    total = sum(row["closed"] for row in content["outcomes"]) or 1
    rows, raw = [], []
    for row in content["outcomes"]:
        name = labels.shown(content, "outcome", row["key"], language)
        share = 100 * row["closed"] / total
        money = value(row["redress"], "money", language) if row["redress"] else NOTHING
        rows.append(
            [name, number(row["closed"], 0, language), value(share, "percent", language), money]
        )
        paid = _amount(row["redress"] or None, "money")
        raw.append([name, row["closed"], Amount(round(share, 1), "percent"), paid])
    head = [word(n, language) for n in ("outcome", "count", "share", "redress")]
    return Sheet("outcomes", head[0], head, rows, raw, widths=(4, 2, 2, 3))


def breakdowns(content: Content, language: str) -> Iterator[Sheet]:
    """What stands behind some figures; reports of earlier versions have none."""
    for table in content.get("breakdowns", ()):
        title = word(table["name"], language)
        total = sum(row["count"] for row in table["rows"])
        rows, raw = [], []
        for row in table["rows"]:
            name = labels.shown(content, table["dimension"], row["key"], language)
            share = 100 * row["count"] / total
            cells = (number(row["count"], 0, language), value(share, "percent", language))
            rows.append([name, *cells])
            raw.append([name, row["count"], Amount(round(share, 1), "percent")])
        head = [word(n, language) for n in (f"by_{table['dimension']}", "count", "share")]
        yield Sheet(table["name"], title, head, rows, raw, widths=(5, 2, 2))


def series(content: Content, language: str) -> Iterator[Sheet]:
    """The numbers behind the charts, for a spreadsheet."""
    points = content["trend"]["points"]
    names = ("received", "closed", "open")
    yield _plain(
        "trend",
        word("trend", language),
        [word("period", language), *(word(n, language) for n in names)],
        [[p["start"], *(p[n] for n in names)] for p in points],
    )
    yield _plain(
        "causes",
        word("pareto", language),
        [word("pareto", language), word("count", language), word("pareto_line", language)],
        [
            [labels.shown(content, "cause", row["key"], language), row["count"], row["running"]]
            for row in content["causes"]
        ],
    )
    yield _plain(
        "ageing",
        word("ageing", language),
        [word("working_days", language), word("count", language)],
        [[span(row["from"], row["to"]), row["count"]] for row in content["ageing"]],
    )
    spread = ("p10", "p25", "p50", "p75", "p90")
    yield _plain(
        "strip",
        word("strip", language),
        [labels.DIMENSIONS["branch"][language != "tr"], word("count", language), *spread],
        [
            [labels.shown(content, "branch", row["key"], language), row["rows"]]
            + [row[name] for name in spread]
            for row in content.get("strip", ())
        ],
    )
    hours = [f"{hour:02d}" for hour in range(24)]
    yield _plain(
        "heat",
        word("heat", language),
        ["", *hours],
        [[labels.WEEKDAYS[i][language != "tr"], *row] for i, row in enumerate(content["heat"])],
    )
    yield _plain(
        "durations",
        word("durations", language),
        [word("working_days", language), word("count", language)],
        [[row["days"], row["count"]] for row in content["durations"]],
    )


def ratio(one: Mapping[str, Any], unit: str, language: str) -> str:
    """ "12 / 15", or the number of rows that a median or a mean is of."""
    if one["denominator"] is None:
        return ""
    below = number(one["denominator"], 0, language)
    if one["numerator"] is None or unit in ("points", "score"):
        return f"n = {below}"
    return f"{number(one['numerator'], 0, language)} / {below}"


def moved(content: Content, one: Mapping[str, Any], language: str) -> str:
    """How a figure changed against the period before, with an arrow where that is good or bad."""
    text = change(one["value"], one["previous"], unit(content, one["name"]), language)
    if not text or text.startswith("±"):
        return text
    good = content["definitions"][one["name"]].get("good", "")
    return text + ARROWS[direction(one["value"], one["previous"], good)]


def _rest(table: Content, language: str) -> str:
    return f"{word('rest', language)} ({table['left_out']})"


def _plain(name: str, title: str, head: Sequence[str], raw: Sequence[Sequence[Any]]) -> Sheet:
    return Sheet(name, title, head, [[str(cell) for cell in row] for row in raw], raw)


def _amount(amount: float | None, kind: str) -> Amount | None:
    """As a spreadsheet shows it: lira instead of kuruş."""
    if amount is None:
        return None
    return Amount(amount / 100 if kind == "money" else amount, kind)
