"""What applicants are told by SMS. The texts are data: ``texts.toml`` beside this file."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Literal

from cases.sms.transliterate import for_sms

Language = Literal["tr", "en"]


class Purpose(StrEnum):
    """Why an SMS is sent. One application gets one SMS for each purpose."""

    RECEIVED = "received"
    """It is recorded, under this number."""
    IN_PROGRESS = "in_progress"
    """It takes longer than we said."""
    RESULT = "result"
    """It is decided; the answer goes its own way."""
    REOPENED = "reopened"
    """It is looked at again."""


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Every template: purpose, then language."""
    source = resources.files("cases.sms").joinpath("texts.toml")
    loaded: dict[str, dict[str, str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return loaded


def render(purpose: Purpose, language: Language, *, number: str, phone: str, company: str) -> str:
    """The text as it is sent, in letters that cost no more than Turkish ones."""
    template = texts()[purpose][language]
    return for_sms(template.format(number=number, phone=phone, company=company))
