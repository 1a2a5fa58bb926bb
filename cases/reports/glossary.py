"""The definitions of the figures as a page, printed from what is counted."""

from cases.reports.figures import Figure, figures

_HOW = {
    "count": "{numerator}",
    "share": "100 × {numerator} / {denominator}",
    "mean": "{numerator} / {denominator}",
    "score": "100 × ({numerator} − {minus}) / {denominator}",
    "per_1000": "1000 × {numerator} / {per}",
    "median": "median of {spread}",
    "p90": "90th percentile of {spread}",
    "within": "100 × ({spread} ≤ {limit}) / {denominator}",
    "actions": "actions: {numerator}",
    "open": "open when the period ends",
    "overdue_legal": "open, legal deadline passed unanswered",
    "overdue_sla": "open, internal target passed unanswered",
}

_PER = {"policies": "policies in force", "claims": "claims reported"}


def markdown() -> str:
    """A table for docs/reports.md."""
    head = "| name | figure | definition | counted as |\n|---|---|---|---|\n"
    return head + "".join(_line(one) for one in figures().values())


def _is_share_of_actions(one: Figure) -> bool:
    return one.how == "actions" and bool(one.denominator)


def _line(one: Figure) -> str:
    how = (
        "100 × actions: {numerator} / {denominator}" if _is_share_of_actions(one) else _HOW[one.how]
    )
    counted = how.format(
        numerator=one.numerator,
        denominator=one.denominator,
        minus=one.minus,
        spread=one.spread,
        limit=one.limit,
        per=_PER.get(one.per),
    )
    names = f"{one.tr}<br>{one.en}"
    return f"| `{one.name}` | {names} | {one.about_tr}<br>{one.about_en} | {counted} |\n"
