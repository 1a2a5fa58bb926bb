"""What people at desks and at our doors leave: calls, tasks, drafts, files on their way, keys."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from storage.tables.base import id_column, metadata
from storage.types import Id, Json, Utc

task = Table(
    "task",
    metadata,
    id_column(),
    Column("application_id", Id, ForeignKey("application.id"), index=True),
    Column("kind", String(30), nullable=False),
    Column("department", String(60)),
    Column("assignee", String(100)),
    Column("due_at", Utc, nullable=False),
    Column("state", String(10), nullable=False, server_default="open"),
    Column("data", Json, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("done_at", Utc),
    Column("done_by", String(100)),
    Index("ix_task_state_due_at", "state", "due_at"),
    comment="What somebody has to do: call back, answer a consultation, find a phone number",
)

call = Table(
    "call",
    metadata,
    id_column(),
    Column("account", String(100), nullable=False),
    Column("call_id", String(200), nullable=False),
    Column("state", String(10), nullable=False),
    Column("caller", String(40), nullable=False, server_default=""),
    Column("called", String(40), nullable=False, server_default=""),
    Column("agent", String(100), nullable=False, server_default=""),
    Column("recording", Text, nullable=False, server_default=""),
    Column("started_at", Utc, nullable=False),
    Column("answered_at", Utc),
    Column("ended_at", Utc),
    Column("task_id", Id, ForeignKey("task.id")),
    Column("application_id", Id, ForeignKey("application.id")),
    Index("uq_call_account_call_id", "account", "call_id", unique=True),
    Index("ix_call_state_started_at", "state", "started_at"),
    comment="Calls as the telephone system tells of them; a state only moves forward",
)

draft = Table(
    "draft",
    metadata,
    Column("staff", String(100), primary_key=True),
    Column("key", String(64), nullable=False),
    Column("fields", Json, nullable=False),
    Column("at", Utc, nullable=False),
    comment="What a colleague is writing down at this moment; gone when it is sent",
)

upload = Table(
    "upload",
    metadata,
    id_column(),
    Column("token", String(64), nullable=False, unique=True),
    Column("owner", String(100), nullable=False, server_default=""),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False, server_default="0"),
    Column("content_type", String(200), nullable=False, server_default=""),
    Column("at", Utc, nullable=False, index=True),
    comment="Files that are being sent piece by piece, until the form that names them is sent",
)

upload_chunk = Table(
    "upload_chunk",
    metadata,
    Column("upload_id", Id, ForeignKey("upload.id"), primary_key=True, autoincrement=False),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    comment="The pieces; deleted when the file is whole in the blob store, or after a day",
)

status_visit = Table(
    "status_visit",
    metadata,
    id_column(),
    Column("handle", String(64), nullable=False, unique=True),
    Column("application_id", Id, ForeignKey("application.id"), index=True),
    Column("code", String(64), nullable=False, server_default=""),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("at", Utc, nullable=False, index=True),
    Column("entered_at", Utc),
    comment="Applicants who ask for their status: digests of what they hold, never the code itself",
)

api_key = Table(
    "api_key",
    metadata,
    id_column(),
    Column("name", String(60), nullable=False, unique=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", Utc, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("used_at", Utc),
    Column("revoked_at", Utc),
    comment="Programs of the company that may apply for people; only a digest of the key is kept",
)
