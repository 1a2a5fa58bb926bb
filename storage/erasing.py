"""The end of an application's personal data: what of each table goes, and what may stay and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update

from storage import tables as t
from storage import uploads
from storage.dialect import chunks, insert
from storage.keeping import make_row

Rows = dict[str, int]
UNFINISHED = timedelta(days=30)
"""How long a form that was not sent is kept."""
STACK = timedelta(days=2)
"""Letters of one stack land within this time of each other."""


def erase(connection: Connection, application_id: int, now: datetime) -> tuple[Rows, int]:
    """Everything that names a person, in this application and in those joined into it.

    Returns changed rows by table, and how many blobs are to be deleted. Blobs that another
    application needs stay.
    """
    ids = _with_joined(connection, application_id)
    messages = _messages(connection, ids)
    doomed = _blobs(connection, ids, messages)
    rows = _forget_messages(connection, messages)
    rows["callback"] = _forget_receipts(connection, ids)
    for table, values in _EMPTY.items():
        which = table.c.id if table is t.application else table.c.application_id
        done = connection.execute(update(table).where(which.in_(ids)).values(**values))
        rows[table.name] = done.rowcount
    rows["status_visit"] = _forget_visits(connection, ids)
    for one in ids:
        make_row(connection, one)
    connection.execute(
        update(t.keeping).where(t.keeping.c.application_id.in_(ids)).values(erased_at=now)
    )
    return rows, _doom(connection, doomed, now)


_EMPTY: Mapping[Table, Mapping[str, Any]] = {
    t.application: {
        "subject": "",
        "applicant_name": None,
        "applicant_email": None,
        "applicant_phone": None,
        "needs_review": False,
    },
    t.outbox: {
        "recipient": "",
        "text": "",
        "in_reply_to": None,
        "envelope": {},
        "detail": "",
        "provider_id": None,
    },
    t.letter: {"tracking": ""},
    t.task: {"data": {}},
    t.hint: {"why": []},
    t.filing: {"reasons": []},
    t.suggestion: {"reasons": []},
    t.contact_link: {"policy": None},
    t.answer: {"reasons": "", "text": "", "recipient": "", "decision_note": "", "content": {}},
    t.question: {"text": ""},
    t.call_attempt: {"note": ""},
    t.note: {"text": ""},
    t.representative: {"name": "", "document": None},
    t.closing: {"reason": "", "reopen_reason": ""},
    t.verdict: {"comment": ""},
    t.survey: {"comment": "", "token_hash": None},
    t.proceeding: {"file_number": ""},
    t.lookup: {"asked": {}, "found": {}, "detail": ""},
    t.assessment: {"reason": ""},
    t.consultation: {"question": "", "answer": ""},
    t.conflict: {"reason": ""},
    t.finding: {"whys": []},
    t.call: {"caller": "", "recording": ""},
    t.keeping: {"hold_reason": "", "restrict_reason": ""},
}
"""What is left of each row when the person is gone."""
_CHAINED = "is chained, and names nobody by rule"
_HOUSE = "says what the house does, not who applied"
_CODES = "has ids, codes and moments only"
_SHORT = "is about to go by itself: it lives for a day or so, or for 30 days"
_COLLEAGUE = "is about colleagues, and ends with their accounts"
KEPT: Mapping[str, str] = {
    **dict.fromkeys(("event", "view_log"), _CHAINED),
    **dict.fromkeys(("absence", "staff", "session", "one_time", "api_key"), _COLLEAGUE),
    **dict.fromkeys(("upload", "upload_chunk", "draft"), _SHORT),
    **dict.fromkeys(("improvement", "improvement_step", "improvement_source"), _HOUSE),
    **dict.fromkeys(("department", "installation", "holiday", "calendar_year"), _HOUSE),
    **dict.fromkeys(("rule", "deadline_rule", "approval_rule", "letter_text", "taxonomy"), _HOUSE),
    **dict.fromkeys(("report", "report_mail", "report_day", "policy_count"), _HOUSE),
    **dict.fromkeys(("saved_report", "saved_filter", "export_log", "alert"), _HOUSE),
    **dict.fromkeys(("channel", "credential", "gap", "lease", "process", "ledger"), _HOUSE),
    **dict.fromkeys(("case_fact", "case_movement", "clock", "notice"), _CODES),
    **dict.fromkeys(("noted", "work", "to_suggest", "number_sequence"), _CODES),
    **dict.fromkeys(("disposal", "doomed_blob"), _CODES),
    "scan": "is of bytes by their hash: what a scanner said of them",
    "refusal": "is of what was never taken in: the name it has at its source, and why",
}
"""Tables that erasing leaves alone, and why it may. Every table stands here or is emptied: a test
fails for one that nobody decided about."""


def _with_joined(connection: Connection, application_id: int) -> list[int]:
    joined = select(t.application.c.id).where(t.application.c.duplicate_of == application_id)
    return [application_id, *connection.execute(joined).scalars()]


def _messages(connection: Connection, ids: list[int]) -> list[tuple[int, int]]:
    """(message id, raw id) of these applications."""
    rows = connection.execute(
        select(t.message.c.id, t.message.c.raw_id)
        .join(t.filing, t.filing.c.message_id == t.message.c.id)
        .where(t.filing.c.application_id.in_(ids))
    )
    return [(row.id, row.raw_id) for row in rows]


def _blobs(connection: Connection, ids: list[int], messages: list[tuple[int, int]]) -> set[str]:
    """Hashes of everything that these applications are the reason to keep."""
    found = set()
    for some in chunks(messages):
        message_ids, raw_ids = [m for m, _ in some], [r for _, r in some]
        raw = select(t.raw_item.c.sha256).where(t.raw_item.c.id.in_(raw_ids))
        files = select(t.attachment.c.sha256).where(t.attachment.c.message_id.in_(message_ids))
        found |= {*connection.execute(raw).scalars(), *connection.execute(files).scalars()}
        found |= _stacks(connection, raw_ids)
    letters = select(t.letter.c.sha256).where(t.letter.c.application_id.in_(ids))
    contents = select(t.answer.c.content).where(t.answer.c.application_id.in_(ids))
    for content in connection.execute(contents).scalars():
        found |= {file["sha256"] for file in content.get("files", ())}
    return found | set(connection.execute(letters).scalars())


def _stacks(connection: Connection, raw_ids: Sequence[int]) -> set[str]:
    """Hashes of the stacks that these letters were cut from, where no other letter of the stack is
    kept: it shows the pages of them all."""
    raw = t.raw_item.c
    stack = raw.facts["batch_sha256"].as_string()
    mine = connection.execute(
        select(stack, raw.channel, raw.landed_at).where(raw.id.in_(raw_ids), stack.is_not(None))
    ).all()
    return {
        sha256
        for sha256, channel, at in mine
        if connection.execute(
            select(raw.id)
            .where(
                raw.channel == channel,
                raw.landed_at.between(at - STACK, at + STACK),
                raw.id.not_in(raw_ids),
                stack == sha256,
            )
            .limit(1)
        ).first()
        is None
    }


_OF_MESSAGES = (
    "message",
    "search_text",
    "correction",
    "enclosure",
    "attachment",
    "person_key",
    "raw_item",
    "social_item",
    "quarantine",
)
EMPTIED = frozenset({*(table.name for table in _EMPTY), *_OF_MESSAGES, "callback", "status_visit"})


def _forget_messages(connection: Connection, messages: list[tuple[int, int]]) -> Rows:
    """Texts, files and keys of messages. Of the raw item the row stays, for the ledger; its facts
    and its bytes go: the one change that a raw item ever sees."""
    rows = dict.fromkeys(_OF_MESSAGES, 0)
    for some in chunks(messages):
        message_ids, raw_ids = [m for m, _ in some], [r for _, r in some]
        left: dict[str, Any] = {"match_text": "", "things": []}
        left |= dict.fromkeys(("message_id", "item", "thread"))
        left["document"] = {"source": "", "kind": "erased"}
        items, stuck = t.social_item.c, t.quarantine.c
        of_items = items.original_id.in_(message_ids) | items.counts_id.in_(message_ids)
        bare: dict[str, Any] = {"facts": {}, "problem": None}
        for table, statement in (
            ("message", update(t.message).where(t.message.c.id.in_(message_ids)).values(left)),
            ("raw_item", update(t.raw_item).where(t.raw_item.c.id.in_(raw_ids)).values(bare)),
            (
                "search_text",
                delete(t.search_text).where(t.search_text.c.message_id.in_(message_ids)),
            ),
            ("correction", delete(t.correction).where(t.correction.c.message_id.in_(message_ids))),
            ("enclosure", delete(t.enclosure).where(t.enclosure.c.message_id.in_(message_ids))),
            ("attachment", delete(t.attachment).where(t.attachment.c.message_id.in_(message_ids))),
            ("person_key", delete(t.person_key).where(t.person_key.c.message_id.in_(message_ids))),
            ("social_item", delete(t.social_item).where(of_items)),
            ("quarantine", update(t.quarantine).where(stuck.raw_id.in_(raw_ids)).values(detail="")),
        ):
            rows[table] += connection.execute(statement).rowcount
    return rows


def _forget_receipts(connection: Connection, ids: list[int]) -> int:
    """What providers posted about our SMS names the phone."""
    references = select(t.outbox.c.reference).where(t.outbox.c.application_id.in_(ids))
    gone = delete(t.callback).where(t.callback.c.reference.in_(references))
    return connection.execute(gone).rowcount


def _forget_visits(connection: Connection, ids: list[int]) -> int:
    """Looks of the applicant at the status page, and the codes that were sent for them."""
    gone = delete(t.status_visit).where(t.status_visit.c.application_id.in_(ids))
    return connection.execute(gone).rowcount


def _doom(connection: Connection, hashes: set[str], now: datetime) -> int:
    """Mark the bytes that nothing else needs; the store deletes them after the commit."""
    doomed = sorted(one for one in hashes if not _needed(connection, one))
    for some in chunks(doomed):
        rows = [{"sha256": one, "at": now} for one in some]
        connection.execute(insert(connection, t.doomed_blob).on_conflict_do_nothing(), rows)
    return len(doomed)


def _needed(connection: Connection, sha256: str) -> bool:
    """Whether something that was not erased still needs these bytes."""
    kept = t.keeping.c
    erased = select(kept.application_id).where(kept.erased_at.is_not(None))
    raw = (
        select(t.raw_item.c.id)
        .outerjoin(t.message, t.message.c.raw_id == t.raw_item.c.id)
        .outerjoin(t.filing, t.filing.c.message_id == t.message.c.id)
        .where(
            t.raw_item.c.sha256 == sha256,
            t.filing.c.application_id.is_(None) | t.filing.c.application_id.not_in(erased),
        )
    )
    files = select(t.attachment.c.message_id).where(t.attachment.c.sha256 == sha256)
    letters = select(t.letter.c.outbox_id).where(
        t.letter.c.sha256 == sha256, t.letter.c.application_id.not_in(erased)
    )
    return any(connection.execute(one.limit(1)).first() for one in (raw, files, letters))


def doomed(connection: Connection, limit: int) -> list[str]:
    """Bytes that are to be deleted from the store."""
    one = t.doomed_blob.c
    return list(connection.execute(select(one.sha256).order_by(one.at).limit(limit)).scalars())


def still_doomed(connection: Connection, sha256: str) -> bool:
    """Asked again before the bytes go: the same bytes may have come in anew."""
    return not _needed(connection, sha256)


def deleted(connection: Connection, sha256: str) -> None:
    connection.execute(delete(t.doomed_blob).where(t.doomed_blob.c.sha256 == sha256))


def forget_unfinished(connection: Connection, now: datetime) -> None:
    """Delete what somebody began to write or to send, and left lying for 30 days."""
    connection.execute(delete(t.draft).where(t.draft.c.at < now - UNFINISHED))
    uploads.forget(connection, now - UNFINISHED)
