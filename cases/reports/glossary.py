"""The definitions of the figures as a page, printed from what is counted."""

from cases.reports.figures import Figure, figures

_HOW = {
    "count": "{numerator}",
    "share": "100 × {numerator} / {denominator}",
    "mean": "{numerator} / {denominator}",
    "score": "100 × ({numerator} − {minus}) / {denominator}",
    "per_1000": "1000 × {numerator} / policies in force",
    "median": "median of {spread}",
    "p90": "90th percentile of {spread}",
    "within": "100 × ({spread} ≤ {limit}) / {denominator}",
    "open": "open when the period ends",
    "overdue_legal": "open, legal deadline passed unanswered",
    "overdue_sla": "open, internal target passed unanswered",
}


def markdown() -> str:
    """A table for docs/reports.md."""
    head = "| name | figure | definition | counted as |\n|---|---|---|---|\n"
    return head + "".join(_line(one) for one in figures().values())


def _line(one: Figure) -> str:
    counted = _HOW[one.how].format(
        numerator=one.numerator,
        denominator=one.denominator,
        minus=one.minus,
        spread=one.spread,
        limit=one.limit,
    )
    names = f"{one.tr}<br>{one.en}"
    return f"| `{one.name}` | {names} | {one.about_tr}<br>{one.about_en} | {counted} |\n"
