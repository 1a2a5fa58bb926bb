"""Suggested pairs: two applications that may be one matter, and what people decided about them.

A suggestion names a message and an application. Its two sides are where that message is filed now,
and the application itself, or what that one was joined into: joining others moves the sides along.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, func, literal_column, select, tuple_, update

from storage import tables as t

Row = dict[str, Any]
State = Literal["open", "joined", "apart"]

_s = t.suggestion.c
_is_open = _s.state == literal_column("'open'")
"""In the words of the index over open pairs, or it is missed."""
_came, _have = t.application.alias("came"), t.application.alias("have")
_named = t.application.alias("named")
_SIDE = ("id", "number", "status", "type", "topic", "department", "assignee", "received_at")


_AT_ONCE = 60
"""Pairs of one query: more than anybody is shown, so that one mostly does."""


@dataclass(frozen=True, slots=True)
class Pair:
    """``came``: where the message is filed; ``have``: what it was compared with; ``gone``: which of
    them was joined into the other. Applications."""

    id: int
    message_id: int
    state: State
    came: int
    have: int
    gone: int | None


def waiting(
    connection: Connection, department: str | None, login: str, *, every: bool
) -> Iterator[Row]:
    """Open pairs, the likeliest first, as ``id, score`` and ``came``, ``have`` with what tells who
    may read them. Of departments that somebody reads as a rule (``every``: all); who may read each
    is for the caller to decide, who stops when there are enough."""
    chosen = _sides(_s.id, _s.score).where(_is_open, _came.c.id != _have.c.id)
    if not every:
        for one in (_came.c, _have.c):
            theirs = (one.department == department) | (one.assignee == login)
            chosen = chosen.where(one.department.is_(None) | theirs)
    chosen = chosen.order_by(_s.score.desc(), _s.id.desc()).limit(_AT_ONCE)
    some = connection.execute(chosen).mappings().all()
    while some:
        yield from ({"id": row["id"], "score": row["score"], **_both(row)} for row in some)
        behind = tuple_(_s.score, _s.id) < tuple_(some[-1]["score"], some[-1]["id"])
        some = connection.execute(chosen.where(behind)).mappings().all()


def _sides(*columns: Any) -> Select[Any]:
    restricted = [t.keeping.alias(f"{name}_kept") for name in ("came", "have")]
    sides = [side.c[name].label(f"{side.name}_{name}") for side in (_came, _have) for name in _SIDE]
    kept = [
        one.c.restricted_at.label(f"{one.name.removesuffix('kept')}restricted_at")
        for one in restricted
    ]
    return (
        select(*columns, *sides, *kept)
        .select_from(t.suggestion)
        .join(t.filing, t.filing.c.message_id == _s.message_id)
        .join(_came, _came.c.id == t.filing.c.application_id)
        .join(_named, _named.c.id == _s.application_id)
        .join(_have, _have.c.id == func.coalesce(_named.c.duplicate_of, _named.c.id))
        .outerjoin(restricted[0], restricted[0].c.application_id == _came.c.id)
        .outerjoin(restricted[1], restricted[1].c.application_id == _have.c.id)
    )


def _both(row: Any) -> Row:
    names = (*_SIDE, "restricted_at")
    return {side: {name: row[f"{side}_{name}"] for name in names} for side in ("came", "have")}


def find(connection: Connection, pair_id: int) -> Row | None:
    """One pair, whatever was decided: ``id, message_id, score, reasons, at, state, closed_at,
    closed_by, came, have``."""
    names = ("id", "message_id", "score", "reasons", "at", "state", "closed_at", "closed_by")
    row = connection.execute(_sides(*(_s[name] for name in names)).where(_s.id == pair_id))
    found = row.mappings().first()
    return None if found is None else {name: found[name] for name in names} | _both(found)


def take(connection: Connection, pair_id: int) -> Pair | None:
    """The pair as it stands, held until the transaction ends: of two who decide at once, the second
    sees what the first did."""
    held = connection.execute(
        select(_s.message_id, _s.state, _s.gone_id).where(_s.id == pair_id).with_for_update()
    ).first()
    if held is None:
        return None
    [sides] = connection.execute(_sides().where(_s.id == pair_id)).mappings()
    came, have = sides["came_id"], sides["have_id"]
    return Pair(pair_id, held.message_id, held.state, came, have, held.gone_id)


def decide(
    connection: Connection, pair_id: int, state: State, *, by: str | None, now: datetime | None
) -> None:
    """Write down that they are two (``apart``), or by nobody that it is open again."""
    values = {"state": state, "closed_at": now, "closed_by": by}
    connection.execute(update(t.suggestion).where(_s.id == pair_id).values(**values))


def joined(connection: Connection, gone: int, into: int, *, by: str, now: datetime) -> None:
    """One application went into another: every open pair of the two is answered with it."""
    within = _sides(_s.id).where(_is_open, _came.c.id == into, _have.c.id == into).subquery()
    connection.execute(
        update(t.suggestion)
        .where(_s.id.in_(select(within.c.id)))
        .values(state="joined", closed_at=now, closed_by=by, gone_id=gone)
    )


def open_again(connection: Connection, gone: int) -> None:
    """That joining was undone: what it answered is a question again."""
    connection.execute(
        update(t.suggestion)
        .where(_s.state == "joined", _s.gone_id == gone)
        .values(state="open", closed_at=None, closed_by=None, gone_id=None)
    )


def decided(connection: Connection, limit: int = 50) -> list[Row]:
    """Pairs that people decided about, the newest first: as :func:`find`, without reasons.
    ``gone``: number of the application that was joined into the other."""
    names = ("id", "message_id", "score", "state", "closed_at", "closed_by")
    gone = t.application.alias("gone")
    rows = connection.execute(
        _sides(*(_s[name] for name in names), gone.c.number.label("gone"))
        .outerjoin(gone, gone.c.id == _s.gone_id)
        .where(_s.state != "open")
        .order_by(_s.closed_at.desc(), _s.id.desc())
        .limit(limit)
    ).mappings()
    return [{name: row[name] for name in (*names, "gone")} | _both(row) for row in rows]
