"""What was said, in one order: messages, our letters and SMS, calls, notes of colleagues."""

from collections.abc import Mapping, Sequence
from typing import Any

from cases import reasons
from cases.dossier import hidden
from normalizers.schema import Message
from portal.staff import doubts
from portal.staff.case.door import Case
from storage import contact, dossier
from storage.engine import Connection

Row = dict[str, Any]
PAPER = ("fax", "fax-mail", "post")
"""Kinds whose original is itself pages to look at."""
_DRAWN = ("application/pdf", "image/")


def entries(connection: Connection, case: Case, language: str) -> Any:
    """Everything that was said, oldest first; ``side``: ``in``, ``out`` or ``note``."""
    came = dossier.messages(connection, case.id)
    found = [
        *(_message(one, is_open=case.open, language=language) for one in came),
        *(_sent(one, case) for one in dossier.sent(connection, case.id) if one["text"]),
        *(_call(one, case) for one in dossier.calls(connection, case.id)),
        *(_note(one, case) for one in contact.notes(connection, case.id)),
    ]
    return sorted(found, key=lambda one: (one["at"], one["id"]))


def _message(row: Mapping[str, Any], *, is_open: bool, language: str) -> Row:
    message = Message.model_validate(row["document"])
    show = _shown(message, is_open=is_open)
    quoted = message.mail is not None and message.written != message.text
    return {
        "side": "out" if row["how"] == "ours" else "in",
        "what": "message",
        "id": row["id"],
        "at": row["received_at"],
        "kind": row["kind"],
        "medium": message.medium,
        "how": row["how"],
        "why": reasons.in_words(row["reasons"], language),
        "subject": show(message.subject),
        "text": show(message.written),
        "whole": show(message.text) if quoted else "",
        "sender": message.sender,
        "url": message.social.url if message.social else None,
        "error": message.error,
        "warnings": message.warnings,
        "pages": _pages(message, show, is_open=is_open, read=row["read"].get(None, {})),
        "drawn": row["kind"] in PAPER and row["sha256"],
        "needs_review": message.needs_review,
        "files": [
            _file(
                one,
                row["documents"],
                is_open=is_open,
                read=row["read"].get(one["position"], {}),
            )
            for one in row["files"]
        ],
    }


def _shown(message: Message, *, is_open: bool) -> Any:
    return lambda text: text if is_open else hidden(text, message.identifiers)


def _pages(message: Message, show: Any, *, is_open: bool, read: Mapping[int, Row]) -> list[Row]:
    """``read``: pages as a person read them. Words are marked where nothing is masked."""
    return [
        {
            "page": page.page,
            "text": show(page.text),
            "rows": doubts.rows(page) if is_open else [],
            "rotation": page.rotation,
            "corrected": _corrected(read.get(page.page), show),
            "blank": page.blank,
            "conf": page.mean_conf,
            "doubtful": page.poor,
        }
        for page in message.pages or ()
    ]


def _corrected(found: Row | None, show: Any) -> Row | None:
    return found and found | {"text": show(found["text"])}


def _file(
    row: Mapping[str, Any], documents: Sequence[Row], *, is_open: bool, read: Mapping[int, Row]
) -> Row:
    """A file, and what was read in it where it is a letter."""
    known = next((one for one in documents if one["position"] == row["position"]), None)
    letter = Message.model_validate(known["document"]) if known and known["document"] else None
    return {
        "position": row["position"],
        "sha256": row["sha256"],
        "name": row["name"],
        "size": row["size"],
        "drawn": row["content_type"].startswith(_DRAWN),
        "state": known["state"] if known else "",
        "pages": _pages(letter, _shown(letter, is_open=is_open), is_open=is_open, read=read)
        if letter
        else [],
    }


def _sent(row: Mapping[str, Any], case: Case) -> Row:
    return {
        "side": "out",
        "what": "sent",
        "id": row["id"],
        "at": row["created_at"],
        "medium": row["medium"],
        "purpose": row["purpose"].partition(":")[0],
        "recipient": row["recipient"],
        "subject": case.own(row["envelope"].get("subject", "")),
        "text": case.own(row["text"]),
        "state": row["state"],
        "detail": row["detail"],
    }


def _call(row: Mapping[str, Any], case: Case) -> Row:
    return {"side": "note", "what": "call", **row, "note": case.own(row["note"])}


def _note(row: contact.NoteRow, case: Case) -> Row:
    return {
        "side": "note",
        "what": "note",
        "id": row.id,
        "at": row.at,
        "by": row.by,
        "text": case.own(row.text),
    }
