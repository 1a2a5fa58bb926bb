"""The texts that answers are made of: shipped ones, and a supervisor's versions of them.

A text is data with placeholders. It is checked when it is saved, so that what a handler picks on
Monday morning can be sent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from string import Formatter

from cases.answers.shipped import LetterText, shipped_texts, text_medium
from cases.sms.lint import Finding
from cases.sms.lint import words as sms_words
from config.errors import BasvuruError
from storage import letter_texts
from storage.engine import Connection
from storage.letter_texts import TextRow

_ANSWER = frozenset(("number", "decision", "redress", "reasons", "remedies"))
_LETTER = frozenset(("salutation", "received_on", "data_subject", "signatories", "link", "until"))
_US = frozenset(("phone", "company"))
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "written": _ANSWER | _LETTER | _US,
    "sms": _US | {"number", "reasons"},
    "phone": _ANSWER,
    "private": _ANSWER | _US,
    "reply": _US | {"reasons"},
}
"""Medium -> what may stand in a text for it. A public text has no place for anything personal."""

REQUIRED: Mapping[str, frozenset[str]] = {
    "decision": frozenset(("decision", "reasons", "remedies")),
    "data_protection": frozenset(("decision", "reasons", "remedies", "data_subject")),
    "information": frozenset(("reasons", "remedies")),
    "survey": frozenset(("link",)),
}
"""Code -> what a written text of this code must have, beside the number and the company."""


class TextRefused(BasvuruError):
    """The text cannot be used as it is; nothing was saved. ``findings`` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(f"{one.rule}: {one.detail}" for one in findings))
        self.findings = findings


def current(connection: Connection) -> dict[tuple[str, str, str], LetterText]:
    """Every text as it holds now: (code, medium, language) -> text."""
    texts = dict(shipped_texts())
    for row in letter_texts.newest(connection):
        if not row.retired:
            texts[row.code, row.medium, row.language] = _as_text(row)
    return texts


def pick(connection: Connection, code: str, medium: str, language: str) -> LetterText | None:
    """The text for a medium in a language, else in Turkish; None when there is none."""
    texts, kind = current(connection), text_medium(medium)
    return texts.get((code, kind, language)) or texts.get((code, kind, "tr"))


def save(connection: Connection, text: LetterText, *, by: str, now: datetime) -> LetterText:
    """Write the next version of a text. Raises: TextRefused."""
    if findings := lint(text):
        raise TextRefused(findings)
    row = _row(connection, text, retired=False, by=by, now=now)
    letter_texts.add(connection, row)
    return _as_text(row)


def restore(connection: Connection, text: LetterText, *, by: str, now: datetime) -> None:
    """Let the shipped text hold again. What was written stays among the versions."""
    letter_texts.add(connection, _row(connection, text, retired=True, by=by, now=now))


def lint(text: LetterText) -> list[Finding]:
    """Everything that is wrong with a text; empty when it may be used."""
    allowed = PLACEHOLDERS.get(text.medium)
    if allowed is None:
        return [Finding("medium", text.medium)]
    try:
        fields = list(Formatter().parse(text.body + text.subject))
    except ValueError as error:  # a brace that is not closed: said to whoever writes the text
        return [Finding("placeholder", str(error))]
    used = {name for _, name, _, _ in fields if name is not None}
    findings = [Finding("placeholder", f"{{{name}}}") for name in sorted(used - allowed)] + [
        Finding("placeholder", f"{{{name}!{conversion or ''}:{spec or ''}}}")
        for _, name, spec, conversion in fields
        if spec or conversion
    ]
    return findings + list(_missing(text, used)) + list(_of_medium(text))


def _missing(text: LetterText, used: set[str]) -> Iterator[Finding]:
    wanted = {"company"} if text.medium != "phone" else set()
    if text.medium != "reply":
        wanted.add("number")
    if text.medium == "written":
        wanted |= REQUIRED.get(text.code, frozenset())
    yield from (Finding("missing", f"{{{name}}}") for name in sorted(wanted - used))


def _of_medium(text: LetterText) -> Iterator[Finding]:
    if text.medium == "sms":
        yield from sms_words(text.body)
    if text.medium == "written" and not text.subject.strip():
        yield Finding("missing", "subject")


def _as_text(row: TextRow) -> LetterText:
    return LetterText(
        row.code, row.medium, row.language, row.title, row.body, row.subject, row.version
    )


def _row(
    connection: Connection, text: LetterText, *, retired: bool, by: str, now: datetime
) -> TextRow:
    known = letter_texts.versions(connection, text.code, text.medium, text.language)
    text = replace(text, version=known[0].version + 1 if known else 1)
    return TextRow(
        text.code,
        text.medium,
        text.language,
        text.version,
        text.title,
        text.subject,
        text.body,
        retired,
        now,
        by,
    )
