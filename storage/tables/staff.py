"""Those who work here, what they opened, and what they looked at."""

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

department = Table(
    "department",
    metadata,
    Column("code", String(60), primary_key=True),
    Column("name_tr", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("email", Text, nullable=False, server_default=""),
    Column("escalates_to", String(60), ForeignKey("department.code")),
    Column("closed_at", Utc),
    comment="Departments that applications are routed to; a closed one keeps its past",
)

staff = Table(
    "staff",
    metadata,
    id_column(),
    Column("login", String(100), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False, server_default=""),
    Column("department", String(60), ForeignKey("department.code")),
    Column("roles", Json, nullable=False),
    Column("password", Text),
    Column("code_key", LargeBinary),
    Column("code_step", BigInteger, nullable=False, server_default="0"),
    Column("recovery", Json, nullable=False),
    Column("subject", String(400), unique=True),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Utc),
    Column("disabled_at", Utc),
    Column("created_at", Utc, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("signed_in_at", Utc),
    comment="Accounts; passwords as argon2id, keys of one-time codes sealed",
)

session = Table(
    "session",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False, index=True),
    Column("token", String(64), nullable=False),
    Column("how", String(10), nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False, index=True),
    Column("place", String(64), nullable=False, server_default=""),
    Column("browser", String(200), nullable=False, server_default=""),
    comment="Who is signed in where; id is the digest of what the cookie holds",
)

one_time = Table(
    "one_time",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("staff_id", Id, ForeignKey("staff.id"), index=True),
    Column("data", Json, nullable=False),
    Column("expires_at", Utc, nullable=False, index=True),
    comment="Links and steps that work once: invitations, second factors, sign-in elsewhere",
)

view_log = Table(
    "view_log",
    metadata,
    id_column(),
    Column("seq", BigInteger, nullable=False, unique=True),
    Column("at", Utc, nullable=False),
    Column("login", String(100), nullable=False),
    Column("what", String(40), nullable=False),
    Column("application_id", Id, ForeignKey("application.id")),
    Column("data", Json, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("place", String(64), nullable=False, server_default=""),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_view_log_application_id_at", "application_id", "at"),
    Index("ix_view_log_login_at", "login", "at"),
    comment="Who saw or changed what: append-only, each row chained to the one before",
)
