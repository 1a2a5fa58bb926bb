"""Names of codes: the newest that each has, retired ones too."""

from sqlalchemy import Connection, select

from storage import tables as t


def names(connection: Connection, kind: str) -> dict[str, tuple[str, str]]:
    """Code -> (Turkish, English) of a kind of taxonomy: branch, topic, cause."""
    c = t.taxonomy.c
    rows = connection.execute(
        select(c.code, c.name_tr, c.name_en).where(c.kind == kind).order_by(c.id)
    )
    return {row.code: (row.name_tr, row.name_en) for row in rows}
