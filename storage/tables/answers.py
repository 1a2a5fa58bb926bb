"""What is said to the applicant after the acknowledgement, and how an application ends."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.base import id_column, metadata
from storage.types import Id, Json, Utc


def _application(*, index: bool | None = None) -> Column[int]:
    return Column("application_id", Id, ForeignKey("application.id"), nullable=False, index=index)


letter_text = Table(
    "letter_text",
    metadata,
    id_column(),
    Column("code", String(40), nullable=False),
    Column("medium", String(10), nullable=False),
    Column("language", String(2), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),
    Column("body", Text, nullable=False),
    Column("retired", Boolean, nullable=False, server_default=text("false")),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    UniqueConstraint("code", "medium", "language", "version"),
    comment="Texts that a supervisor wrote over the shipped ones; a version is never changed",
)

approval_rule = Table(
    "approval_rule",
    metadata,
    id_column(),
    Column("type", String(30)),
    Column("department", String(60)),
    Column("position", String(20)),
    Column("redress_from", BigInteger),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    Column("ended_at", Utc),
    Column("ended_by", String(100)),
    comment="Which answers a second person reads first; what is null holds for all",
)

answer = Table(
    "answer",
    metadata,
    id_column(),
    _application(index=True),
    Column("state", String(12), nullable=False),
    Column("medium", String(10), nullable=False),
    Column("language", String(2), nullable=False),
    Column("position", String(20), nullable=False),
    Column("template", String(40), nullable=False),
    Column("template_version", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("redress", BigInteger, nullable=False, server_default="0"),
    Column("remedies", Json, nullable=False),
    Column("content", Json, nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("drafted_at", Utc, nullable=False),
    Column("drafted_by", String(100), nullable=False),
    Column("changed_at", Utc, nullable=False),
    Column("changed_by", String(100), nullable=False),
    Column("decided_at", Utc),
    Column("decided_by", String(100)),
    Column("decision_note", Text, nullable=False, server_default=""),
    Column("sent_at", Utc),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("recipient", Text, nullable=False, server_default=""),
    Index("ix_answer_state", "state"),
    comment="Answers to applicants, from draft to sent; content: subject, files, signatories, ...",
)

question = Table(
    "question",
    metadata,
    id_column(),
    _application(index=True),
    Column("state", String(12), nullable=False),
    Column("medium", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("asked_by", String(100), nullable=False),
    Column("remind_at", Utc),
    Column("reminders", Integer, nullable=False, server_default="0"),
    Column("settled_at", Utc),
    Column("message_id", Id, ForeignKey("message.id")),
    Index("ix_question_state_remind_at", "state", "remind_at"),
    comment="What we asked an applicant for, and whether it came",
)

call_attempt = Table(
    "call_attempt",
    metadata,
    id_column(),
    _application(index=True),
    Column("outbox_id", Id, ForeignKey("outbox.id"), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    Column("reached", Boolean, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    UniqueConstraint("outbox_id", "attempt"),
    comment="Phone calls that were made to say or to ask something",
)

letter = Table(
    "letter",
    metadata,
    Column("outbox_id", Id, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    _application(),
    Column("state", String(10), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("printed_at", Utc),
    Column("printed_by", String(100)),
    Column("posted_at", Utc),
    Column("posted_by", String(100)),
    Column("tracking", String(40), nullable=False, server_default=""),
    Column("returned_at", Utc),
    comment="Letters as PDF: the print list, and what became of each",
)

note = Table(
    "note",
    metadata,
    id_column(),
    _application(index=True),
    Column("text", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    comment="What colleagues tell each other about an application; never shown to the applicant",
)

representative = Table(
    "representative",
    metadata,
    id_column(),
    _application(index=True),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    Column("document", String(64)),
    Column("checked_at", Utc),
    Column("checked_by", String(100)),
    Column("ended_at", Utc),
    comment="Who writes for somebody else; nothing is disclosed before the authority was checked",
)

closing = Table(
    "closing",
    metadata,
    id_column(),
    _application(index=True),
    Column("outcome", String(20), nullable=False),
    Column("redress", BigInteger, nullable=False, server_default="0"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("closed_at", Utc, nullable=False, index=True),
    Column("closed_by", String(100), nullable=False),
    Column("reopened_at", Utc),
    Column("reopened_by", String(100)),
    Column("reopened_for", String(20)),
    Column("reopen_reason", Text, nullable=False, server_default=""),
    comment="Each time an application was closed, and when and why it was opened again",
)

verdict = Table(
    "verdict",
    metadata,
    id_column(),
    _application(index=True),
    Column("verdict", String(10), nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    Column("comment", Text, nullable=False, server_default=""),
    comment="Whether the applicant accepts the answer; the newest row counts",
)

survey = Table(
    "survey",
    metadata,
    id_column(),
    _application(index=True),
    Column("closing_id", Id, ForeignKey("closing.id"), nullable=False, unique=True),
    Column("medium", String(10), nullable=False),
    Column("token_hash", String(64), unique=True),
    Column("sent_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("answered_at", Utc),
    Column("score", Integer),
    Column("recommends", Integer),
    Column("comment", Text, nullable=False, server_default=""),
    comment="How satisfied applicants are with the handling: CSAT 1 to 5, NPS 0 to 10",
)

proceeding = Table(
    "proceeding",
    metadata,
    id_column(),
    _application(index=True),
    Column("kind", String(20), nullable=False),
    Column("file_number", Text, nullable=False, server_default=""),
    Column("opened_on", Date, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    Column("outcome", String(20)),
    Column("awarded", BigInteger, nullable=False, server_default="0"),
    Column("closed_on", Date),
    Column("closed_by", String(100)),
    comment="The matter before others: arbitration, consumer board, court, regulator",
)

keeping = Table(
    "keeping",
    metadata,
    Column(
        "application_id", Id, ForeignKey("application.id"), primary_key=True, autoincrement=False
    ),
    Column("hold_since", Utc),
    Column("hold_by", String(100)),
    Column("hold_reason", Text, nullable=False, server_default=""),
    Column("restricted_at", Utc),
    Column("restricted_by", String(100)),
    Column("restrict_reason", Text, nullable=False, server_default=""),
    Column("erased_at", Utc),
    comment="Exceptions to how long an application is kept, and to who may see it",
)

disposal = Table(
    "disposal",
    metadata,
    id_column(),
    _application(),
    Column("at", Utc, nullable=False, index=True),
    Column("by", String(100), nullable=False),
    Column("rule", String(40), nullable=False),
    Column("rows", Json, nullable=False),
    Column("blobs", Integer, nullable=False),
    comment="What was erased, when and under which rule; kept for three years at least",
)

doomed_blob = Table(
    "doomed_blob",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("at", Utc, nullable=False),
    comment="Bytes that no row needs any more, to be deleted from the store",
)
