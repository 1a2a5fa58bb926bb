"""The data that ships in ``config/answers.toml``: positions, outside remedies, limits, texts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

Language = Literal["tr", "en"]
Medium = Literal["sms", "email", "letter", "phone", "private", "reply"]
"""How something is said. ``private``: the channel's direct message, ``reply``: in public."""

MEDIA: tuple[Medium, ...] = ("email", "letter", "sms", "phone", "private", "reply")
WRITTEN = ("email", "letter")
"""Media that carry a whole letter: they share their texts, under the name ``written``."""


def text_medium(medium: str) -> str:
    """The name under which the texts of a medium are kept."""
    return "written" if medium in WRITTEN else medium


def known_language(code: str) -> Language:
    return "en" if code == "en" else "tr"


@dataclass(frozen=True, slots=True)
class LetterText:
    """A text with placeholders. Version 0 is the shipped one."""

    code: str
    medium: str
    language: str
    title: str
    body: str
    subject: str = ""
    version: int = 0


@cache
def data() -> Mapping[str, Any]:
    source = resources.files("config").joinpath("answers.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def shipped_texts() -> Mapping[tuple[str, str, str], LetterText]:
    """(code, medium, language) -> text."""
    texts = [LetterText(**one) for one in data()["texts"]]
    return {(one.code, one.medium, one.language): one for one in texts}


def positions() -> Mapping[str, Mapping[str, str]]:
    """Position -> language -> sentence."""
    found: Mapping[str, Mapping[str, str]] = data()["positions"]
    return found


def remedies() -> Mapping[str, Mapping[str, str]]:
    """Remedy -> language -> sentence with placeholders."""
    found: Mapping[str, Mapping[str, str]] = data()["remedies"]
    return found


def consumer_limits(more: Mapping[str, int]) -> dict[int, int]:
    """Year -> kuruş below which a consumer dispute goes to the arbitral committee.

    ``more``: years that an administrator added or corrected (``[answers] consumer_limits``).
    """
    shipped: Mapping[str, int] = data()["limits"]["consumer"]
    return {int(year): amount for year, amount in {**shipped, **more}.items()}
