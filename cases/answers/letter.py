"""A letter in its parts, from the text of an answer: pure. Its page is ``config/letter.typ``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.number import shown

_ITEM = "- "


@dataclass(frozen=True, slots=True)
class Letterhead:
    """How the company stands on its letters. See ``[company]`` in the settings."""

    company: str
    phone: str
    email: str
    address: tuple[str, ...] = ()
    legal_line: str = ""


def parts_of(
    text: str, envelope: Mapping[str, Any], language: str, head: Letterhead
) -> dict[str, Any]:
    """What the page shows, as JSON: strings only, never markup."""
    blocks = [_block(lines) for lines in _paragraphs(text)]
    closing = blocks.pop()["lines"] if len(blocks) > 1 else []
    return {
        "language": "en" if language == "en" else "tr",
        "company": head.company,
        "sender": [*head.address, head.phone, head.email],
        "return_line": " · ".join((head.company, *head.address[-1:])),
        "legal_line": head.legal_line,
        "logo": "",
        "address": list(envelope["address"]),
        "date": envelope["date"],
        "number": shown(envelope["number"]),
        "subject": envelope["title"],
        "body": blocks,
        "closing": closing or [head.company],
        "enclosures": list(envelope["files"]),
    }


def _paragraphs(text: str) -> list[list[str]]:
    """Lines of each paragraph."""
    found = [part.strip("\n").split("\n") for part in text.strip().split("\n\n")]
    return [lines for lines in found if any(line.strip() for line in lines)]


def _block(lines: Sequence[str]) -> dict[str, list[str]]:
    """A paragraph: its lines, and the items that follow them."""
    return {
        "lines": [line for line in lines if not line.startswith(_ITEM)],
        "items": [line.removeprefix(_ITEM) for line in lines if line.startswith(_ITEM)],
    }
