"""Two applications as the duplicates desk shows them: what each says, and where they differ.

What is compared are the values themselves; what is shown is masked where the application is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cases.differences import LONGEST, Stretch, differences
from cases.dossier import hidden
from cases.likeness import likeness
from cases.masking import masked
from normalizers.schema import Message
from normalizers.text.turkish import fold
from portal.staff.case.door import Case
from storage import dossier
from storage.engine import Connection

Row = Mapping[str, Any]
NAMED = ("policy", "claim", "plate", "tckn", "vkn", "iban", "date", "amount")
_CONTACT = ("name", "phone", "email")


@dataclass(frozen=True, slots=True)
class Fact:
    """What each side says to one thing: ``same``, ``other``, or only one of them says it."""

    name: str
    shown: tuple[str, str]
    state: Literal["same", "other", "one"]


@dataclass(frozen=True, slots=True)
class Side:
    """One application, and the message of it that is compared."""

    case: Case
    message_id: int
    medium: str
    received_at: datetime
    messages: int
    files: Sequence[str]
    drawn: bool
    subject: str
    text: Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class Compared:
    """``earlier`` stays where both are open; ``same_files``: files that came with both."""

    earlier: Side
    later: Side
    facts: Sequence[Fact]
    same_files: int


def compared(connection: Connection, pair: Row, cases: Sequence[Case]) -> Compared | None:
    """The two sides, the earlier application first; None where they are one already."""
    if len(cases) < 2:
        return None
    earlier, later = sorted(cases, key=lambda case: case.id)
    said = {case.id: dossier.messages(connection, case.id) for case in cases}
    came = pair["came"]["id"]
    newer = _named(said[came], pair["message_id"])
    older = _nearest(said[pair["have"]["id"]], newer)
    rows = {came: newer, pair["have"]["id"]: older}
    first, second = (rows[case.id] for case in (earlier, later))
    texts = differences(_shown(first, earlier), _shown(second, later))
    sides = [
        _side(case, rows[case.id], len(said[case.id]), text)
        for case, text in zip((earlier, later), texts, strict=True)
    ]
    files = [{file["sha256"] for file in one["files"]} for one in (first, second)]
    facts = _facts((earlier, later), (first, second))
    return Compared(sides[0], sides[1], facts, len(files[0] & files[1]))


def _message(row: Row) -> Message:
    return Message.model_validate(row["document"])


def _named(rows: Sequence[Row], message_id: int) -> Row:
    return next(one for one in rows if one["id"] == message_id)


def _nearest(rows: Sequence[Row], other: Row) -> Row:
    """The message that is most like the other: the one that the decider meant."""
    text = fold(_message(other).written[:LONGEST])
    return max(rows, key=lambda one: likeness(fold(_message(one).written[:LONGEST]), text).score)


def _shown(row: Row, case: Case) -> str:
    message = _message(row)
    return message.written if case.open else hidden(message.written, message.identifiers)


def _side(case: Case, row: Row, messages: int, text: Sequence[Stretch]) -> Side:
    message = _message(row)
    subject = message.subject if case.open else hidden(message.subject, message.identifiers)
    return Side(
        case=case,
        message_id=row["id"],
        medium=message.medium,
        received_at=row["received_at"],
        messages=messages,
        files=[file["name"] for file in row["files"]],
        drawn=message.pages is not None and bool(row["sha256"]),
        subject=subject,
        text=text,
    )


def _facts(cases: tuple[Case, Case], rows: tuple[Row, Row]) -> list[Fact]:
    found = [_values(case, row) for case, row in zip(cases, rows, strict=True)]
    return [
        _fact(name, (found[0][name], found[1][name]), cases)
        for name in (*_CONTACT, *NAMED)
        if found[0][name] or found[1][name]
    ]


def _values(case: Case, row: Row) -> dict[str, list[str]]:
    """Name -> what the application and its message say."""
    identifiers = _message(row).identifiers
    contact = {name: case.row[f"applicant_{name}"] for name in _CONTACT}
    return {name: [value] if value else [] for name, value in contact.items()} | {
        name: list(dict.fromkeys(one.value for one in getattr(identifiers, name)))[:5]
        for name in NAMED
    }


def _fact(name: str, values: tuple[list[str], list[str]], cases: tuple[Case, Case]) -> Fact:
    shown = tuple(
        ", ".join(one if case.open else masked(name, one) for one in some)
        for some, case in zip(values, cases, strict=True)
    )
    keys = [{fold(one) for one in some} for some in values]
    state: Literal["same", "other", "one"] = "other" if keys[0].isdisjoint(keys[1]) else "same"
    if not (values[0] and values[1]):
        state = "one"
    return Fact(name, (shown[0], shown[1]), state)
