"""What a text for applicants must not be: long, personal, advertising, or a lure.

Rules: one part also after the operator's origin code (:data:`cases.sms.segments.BUDGETS`); no web
address (Turkish operators hold back SMS with one); nothing personal, since the number may be
another person's by now (Personal Data Protection Board, decision 2020/966); no promotion, which
would make it a commercial message (law 6563); the company named; no request to reply, since a
sender name cannot be answered.
"""

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import NamedTuple

from cases.sms.segments import BUDGETS, best
from cases.sms.transliterate import for_sms
from normalizers.text.turkish import fold

ALLOWED = frozenset({"number", "phone", "company"})
"""Placeholders that say nothing about a person."""
REQUIRED = ("number", "company")

_ADDRESS = re.compile(r"https?:|www\.|[a-z0-9]\.(?:com|net|org|tr|info|link|ly|co)\b")
_LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){6}")
_PROMOTION = (
    "kampanya", "indirim", "firsat", "hediye", "cekilis", "bedava", "avantaj", "ozel teklif",
    "campaign", "discount", "special offer", "free of charge", "gift", "promotion",
)  # fmt: skip
_REPLY = ("cevap ver", "yanitlayin", "yanit verin", "reply")


class Finding(NamedTuple):
    """One objection: the rule's name, and what broke it."""

    rule: str
    detail: str


def lint(template: str, longest: Mapping[str, str]) -> list[Finding]:
    """Everything that is wrong with ``template``; empty when it may be used.

    ``longest``: for each placeholder the longest value that it may get.
    """
    names = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    findings = [*_placeholders(names), *words(template)]
    if all(name in longest for name in names):
        findings += _length(for_sms(template.format_map(longest)))
    return findings


def _placeholders(names: list[str]) -> Iterator[Finding]:
    for name in names:
        if name not in ALLOWED:
            yield Finding("personal", f"{{{name}}} is not allowed")
    for name in REQUIRED:
        if name not in names:
            yield Finding(name, f"{{{name}}} is missing")


def words(template: str) -> Iterator[Finding]:
    """What must not stand in any SMS of ours, whatever its length."""
    key = fold(template)
    if found := _ADDRESS.search(key):
        yield Finding("address", found[0])
    if _LONG_NUMBER.search(template):
        yield Finding("personal", "a long number stands in the template itself")
    for rule, list_ in (("promotion", _PROMOTION), ("reply", _REPLY)):
        yield from (Finding(rule, word) for word in list_ if word in key)
    if costly := sorted(set(template) - set(for_sms(template))):
        yield Finding("characters", " ".join(costly))


def _length(text: str) -> Iterator[Finding]:
    size = best(text)
    budget = BUDGETS[size.encoding]
    if size.units > budget:
        yield Finding("length", f"{size.units} of {budget} units in {size.encoding}")
