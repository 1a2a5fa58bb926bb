"""Texts that supervisors wrote over the shipped ones. A version is never changed, only followed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage import tables as t


@dataclass(frozen=True, slots=True)
class TextRow:
    """A version of a text; ``retired``: from here on the shipped one holds again."""

    code: str
    medium: str
    language: str
    version: int
    title: str
    subject: str
    body: str
    retired: bool
    at: datetime
    by: str


def newest(connection: Connection) -> list[TextRow]:
    """The newest version of each text."""
    key = (t.letter_text.c.code, t.letter_text.c.medium, t.letter_text.c.language)
    last = (
        select(*key, func.max(t.letter_text.c.version).label("version")).group_by(*key).subquery()
    )
    names = [t.letter_text.c[name] for name in TextRow.__slots__]
    rows = connection.execute(
        select(*names).join(
            last,
            (last.c.code == key[0])
            & (last.c.medium == key[1])
            & (last.c.language == key[2])
            & (last.c.version == t.letter_text.c.version),
        )
    )
    return [TextRow(*row) for row in rows]


def versions(connection: Connection, code: str, medium: str, language: str) -> list[TextRow]:
    """Every version that was written of one text, newest first."""
    one = t.letter_text.c
    rows = connection.execute(
        select(*(one[name] for name in TextRow.__slots__))
        .where(one.code == code, one.medium == medium, one.language == language)
        .order_by(one.version.desc())
    )
    return [TextRow(*row) for row in rows]


def add(connection: Connection, row: TextRow) -> None:
    """A version that exists already is refused by the table: somebody was faster."""
    values = {name: getattr(row, name) for name in TextRow.__slots__}
    connection.execute(t.letter_text.insert().values(**values))
