"""Column types that mean the same on PostgreSQL and SQLite."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, JSON, BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

Id = BigInteger().with_variant(Integer, "sqlite")
"""Row ids: 64 bits everywhere; SQLite hands them out only for INTEGER."""

Json = JSON().with_variant(JSONB(), "postgresql")


class ReadyJson(str):
    """JSON that is encoded already: stored as it is."""

    __slots__ = ()


def encode_json(value: Any) -> str:
    """How the engines encode what goes into a JSON column."""
    return value if type(value) is ReadyJson else json.dumps(value, ensure_ascii=False)


class Utc(TypeDecorator[datetime]):
    """An instant. Aware in, aware (UTC) out; a naive value is a defect and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        assert isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Many(TypeDecorator[Sequence[Any]]):
    """Many values of one type as a single bound value, so that a statement reads the same for any
    number of them: an array, and JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, one: TypeEngine[Any]) -> None:
        super().__init__()
        self.one = one

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(self.one))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return json.dumps(value) if dialect.name == "sqlite" else value
