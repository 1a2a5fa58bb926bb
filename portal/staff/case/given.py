"""What the forms of the application page hold, as the services want it."""

import re
from datetime import date
from typing import Any, cast

from cases.answers.content import Content, DataSubject, Signatory
from cases.answers.rules import offered_remedies
from cases.assessment.assess import Judgement
from cases.assessment.priority import MARKS, Criteria, Level, Priority
from portal.public.posted import PostedForm

WRITTEN = ("email", "letter")
_TEMPLATES = {"information": "information", "suggestion": "thanks", "thanks": "thanks"}


class NotUnderstood(ValueError):
    """A field holds what it cannot; ``args[0]`` names it."""


def judgement(posted: PostedForm) -> Judgement:
    chosen = posted.text("priority")
    return Judgement(
        type=posted.text("type"),
        branch=posted.text("branch") or None,
        topic=posted.text("topic") or None,
        second_topic=posted.text("second_topic") or None,
        criteria=Criteria(
            severity=_level(posted, "severity", 2),
            safety=bool(posted.text("safety")),
            complexity=_level(posted, "complexity", 2),
            impact=_level(posted, "impact", 1),
            immediate=bool(posted.text("immediate")),
            marks=frozenset(posted.texts("marks")) & frozenset(MARKS),
        ),
        priority=cast("Priority", int(chosen)) if chosen in ("1", "2", "3", "4") else None,
        reason=posted.text("reason"),
        province=_known(posted, "province"),
        agent=_known(posted, "agent"),
    )


def _known(posted: PostedForm, name: str) -> str | None:
    """Empty only where something stood in the field: who saw nothing there took nothing back."""
    value = posted.text(name).strip()
    return value if value or posted.text(f"{name}_was") else None


def _level(posted: PostedForm, name: str, otherwise: Level) -> Level:
    chosen = posted.text(name)
    return cast("Level", int(chosen)) if chosen in ("1", "2", "3") else otherwise


def content(posted: PostedForm, row: Any) -> Content:
    """An answer as it was written. The text around it follows from type and medium, the remedies
    from type and decision."""
    medium, position = posted.text("medium"), posted.text("position")
    signs = posted.text("signatory").strip()
    return Content(
        medium=medium,
        language=posted.text("language") or row["language"],
        position=position,
        template=_template(row["type"], medium),
        reasons=posted.text("reasons").replace("\r\n", "\n").strip(),
        redress=money(posted.text("redress")),
        remedies=offered_remedies(row["type"], position),
        address=_lines(posted.text("address")),
        signatories=(Signatory(signs, posted.text("signatory_title").strip()),) if signs else (),
        data_subject=_subject(posted) if row["type"] == "data_protection" else None,
    )


def _template(type_: str, medium: str) -> str:
    if medium not in WRITTEN:
        return "answer"
    if type_ == "data_protection":
        return "data_protection"
    return _TEMPLATES.get(type_, "decision")


def _subject(posted: PostedForm) -> DataSubject:
    names = ("subject_name", "subject_identity", "subject_address", "subject_matter")
    return DataSubject(*(posted.text(name).strip() for name in names))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for one in text.splitlines() if (line := one.strip()))


def money(text: str, name: str = "redress") -> int:
    """Liras as people write them (``1.250,50``) in kuruş; empty is nothing. Raises NotUnderstood
    with the field's name."""
    plain = text.replace(" ", "").removesuffix("TL")
    if not plain:
        return 0
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{3})+|\d{1,9})(?:,(\d{1,2}))?", plain)
    if found is None:
        raise NotUnderstood(name)
    return int(found[1].replace(".", "")) * 100 + int((found[2] or "0").ljust(2, "0"))


def day(posted: PostedForm, name: str) -> date:
    try:
        return date.fromisoformat(posted.text(name))
    except ValueError:
        raise NotUnderstood(name) from None


def row_id(posted: PostedForm, name: str) -> int:
    text = posted.text(name)
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise NotUnderstood(name)
    return int(text)
