"""The duplicates desk: suggested pairs side by side, one key to join, one to part, and undo.

Somebody who may not work on both applications does not see the pair. What is shown of each follows
the page of the application: masked until a reason was given, and every look is recorded for both.
"""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases import dossier as rules
from cases import pairs as desk
from cases.dossier import Reader
from cases.joining import CannotJoin
from cases.reasons import each_in_words
from cases.revealing import NoReason, reveal, view
from cases.rights import Right, rights_of
from portal.public.posted import Posted
from portal.services import services
from portal.staff.case.door import Case, readable
from portal.staff.pair_sides import compared
from portal.web.guard import place, require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import departments, pairs, routing, staff
from storage.engine import Connection

PATH = "/staff/duplicates"
router = APIRouter(prefix=PATH)
Joiner = Annotated[Staff, require(Right.JOIN)]
MOST = 50
"""Pairs that are counted: beyond it nobody asks how many."""
Row = Mapping[str, Any]


@router.get("")
def first(
    request: Request,
    who: Joiner,
    done: Annotated[int, Query()] = 0,
    after: Annotated[int, Query()] = 0,
) -> HTMLResponse:
    """The pair that is looked at next. ``after``: the one that is left for later."""
    with services(request).database.read() as connection:
        queue = _queue(connection, who)
    skipped = queue.index(after) + 1 if after in queue else 0
    return _page(request, who, [*queue[skipped:], *queue[:skipped]], done=done)


@router.get("/decided")
def decided(request: Request, who: Joiner) -> HTMLResponse:
    """What people decided lately, each with its undo."""
    with services(request).database.read() as connection:
        found = [one for one in pairs.decided(connection) if _may(connection, who, one)]
        people = {one.login: one.name for one in staff.every(connection)}
    return render(request, "pairs/decided.html", found=found, people=people)


@router.get("/{pair_id}")
def one(
    request: Request,
    who: Joiner,
    pair_id: int,
    why: Annotated[str, Query(pattern=r"^[a-z_]{0,20}$")] = "",
) -> HTMLResponse:
    """A certain pair, for example from the page of an application."""
    with services(request).database.read() as connection:
        queue = _queue(connection, who)
    return _page(request, who, [pair_id, *(i for i in queue if i != pair_id)], why=why)


@router.post("/{pair_id}/reveal")
def opened(
    request: Request,
    who: Joiner,
    pair_id: int,
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Show both whole, with one reason, recorded for each."""
    house = services(request)
    with house.database.write() as connection:
        row = _found(connection, pair_id)
        for case in _both(connection, request, who, row):
            if not case.access.may_reveal:
                raise HTTPException(403)
            try:
                reveal(
                    connection,
                    who.login,
                    case.id,
                    ["contact", "text"],
                    reason=reason,
                    place=place(request),
                    now=house.now(),
                )
            except NoReason:
                return redirect(f"{PATH}/{pair_id}?why=reason")
    return redirect(f"{PATH}/{pair_id}")


@router.post("/{pair_id}/{decision}")
def decide(request: Request, who: Joiner, pair_id: int, decision: str, posted: Posted) -> Response:
    """Join, keep apart, or undo what was decided. The next pair follows at once; ``back`` names the
    application on whose page it was decided."""
    house, back = services(request), _number(posted.text("back"))
    if decision not in _DECISIONS:
        raise HTTPException(404)
    try:
        with house.database.write() as connection:
            _both(connection, request, who, _found(connection, pair_id))
            _DECISIONS[decision](connection, request, who, pair_id)
    except CannotJoin as error:
        return redirect(f"{PATH}/{pair_id}?why={error.code}")
    if back:
        return redirect(f"/staff/applications/{back}")
    return redirect(f"{PATH}/{pair_id}" if decision == "undo" else f"{PATH}?done={pair_id}")


def _join(connection: Connection, request: Request, who: Staff, pair_id: int) -> None:
    house = services(request)
    desk.join(connection, pair_id, by=who.actor, now=house.now(), half_days=house.half_days)


def _apart(connection: Connection, request: Request, who: Staff, pair_id: int) -> None:
    desk.apart(connection, pair_id, by=who.actor, now=services(request).now())


def _undo(connection: Connection, request: Request, who: Staff, pair_id: int) -> None:
    desk.undo(connection, pair_id, by=who.actor, now=services(request).now())


_DECISIONS: Mapping[str, Callable[[Connection, Request, Staff, int], None]] = {
    "join": _join,
    "apart": _apart,
    "undo": _undo,
}


def _number(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) == 10 else ""


def _queue(connection: Connection, who: Staff) -> list[int]:
    """Ids of the pairs that this colleague may decide about, the likeliest first."""
    every, may = who.may(Right.EVERY_DEPARTMENT), _access(connection, who)
    waiting = pairs.waiting(connection, who.department, who.login, every=every)
    mine = (one["id"] for one in waiting if may(one["came"]).acts and may(one["have"]).acts)
    return list(islice(mine, MOST))


def _may(connection: Connection, who: Staff, row: Row) -> bool:
    """Whether somebody may read both sides of a pair."""
    may = _access(connection, who)
    return all(may(row[side]).level == "reads" for side in ("came", "have"))


def _access(connection: Connection, who: Staff) -> Callable[[Row], rules.Access]:
    """What this colleague may do with an application of a pair."""
    reader = Reader(who.login, who.department, rights_of(who.roles))
    not_theirs = routing.barred(connection, who.login)

    def access(side: Row) -> rules.Access:
        barred = {who.login} if side["id"] in not_theirs else set()
        return rules.access(side, reader, barred=barred, asked=())

    return access


def _found(connection: Connection, pair_id: int) -> Row:
    row = pairs.find(connection, pair_id)
    if row is None:
        raise HTTPException(404)
    return row


def _both(connection: Connection, request: Request, who: Staff, row: Row) -> list[Case]:
    """Both sides, where this colleague may work on both. Raises HTTPException 403."""
    numbers = dict.fromkeys((row["have"]["number"], row["came"]["number"]))
    cases = [readable(connection, request, who, number) for number in numbers]
    if not all(case.access.acts for case in cases):
        raise HTTPException(403)
    return cases


def _page(
    request: Request, who: Staff, queue: list[int], *, done: int = 0, why: str = ""
) -> HTMLResponse:
    """The first pair of the queue, looked at and recorded; without one, that nothing waits."""
    house, language = services(request), texts(request).language
    with house.database.read() as connection:
        last = pairs.find(connection, done) if done else None
        row = _found(connection, queue[0]) if queue else None
        sides = _both(connection, request, who, row) if row else []
        values: dict[str, Any] = {
            "pair": row,
            "sides": compared(connection, row, sides) if row and row["state"] == "open" else None,
            "whole": all(case.open for case in sides),
            "reasons": each_in_words(row["reasons"], language) if row else [],
            "last": last if last and _may(connection, who, last) else None,
            "names": {
                one.code: one.name(language) for one in departments.every(connection, closed=True)
            },
            "people": {one.login: one.name for one in staff.every(connection)},
        }
    if sides:
        with house.database.write() as connection:
            for case in sides:
                view(connection, who.login, case.id, place(request), house.now())
    more = len(queue) - 1 if row and row["state"] == "open" else len(queue)
    return render(request, "pairs/desk.html", why=why, more=more, most=MOST, **values)
