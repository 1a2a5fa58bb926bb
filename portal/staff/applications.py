"""The list of applications, and finding one by anything that is printed on a letter.

A question is posted, never put into an address: it is kept for its asker under a random name, so
that the list can be paged and come back to. That somebody searched is on record, not for what.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from cases import search as questions
from cases.rights import Right, rights_of
from cases.routing import service as routing
from cases.routing.service import CannotRoute
from cases.words import TYPES
from config.clock import local_date, start_of
from portal.public.accounts import intake
from portal.public.posted import Posted
from portal.services import services
from portal.staff import listed
from portal.staff.list_choice import FIELDS, PATH, Choice, after_of, after_row
from portal.web.guard import place, require
from portal.web.page import own_path, redirect, render
from portal.web.visitor import Staff
from storage import departments, saved_filters, search, sessions, staff, viewlog, worklist
from storage.engine import Connection
from storage.viewlog import View

router = APIRouter(prefix=PATH)
Reader = Annotated[Staff, require(Right.SEE_APPLICATIONS)]
Handler = Annotated[Staff, require(Right.HANDLE)]

ROWS = 50
MOST_HITS = 2_000
"""Of a question that finds more, the newest are shown, and the page says so."""
MOST_AT_ONCE = 200
"""Applications that are given to somebody in one go."""
_KEPT = timedelta(hours=12)


@router.get("")
def page(request: Request, who: Reader) -> HTMLResponse:
    """The list. Whatever is in the address is a code; what is not known there is left out."""
    house, given = services(request), request.query_params
    choice, now = Choice.of(given), house.now()
    end_of_today = start_of(local_date(now) + timedelta(days=1))
    every = who.may(Right.EVERY_DEPARTMENT)
    with house.database.read() as connection:
        asked = _asked(connection, who, given.get("found", ""), now)
        ids = None if asked is None else asked["ids"]
        wanted = choice.wanted(who.login, ids, restricted=every)
        span = {"now": now, "end_of_today": end_of_today}
        rows = worklist.page(
            connection, wanted, after=after_of(given.get("after", "")), limit=ROWS + 1, **span
        )
        return render(
            request,
            "board/applications.html",
            rows=[row | {"reads": listed.reads(who, row["department"])} for row in rows[:ROWS]],
            total=worklist.count(connection, wanted, **span),
            most_counted=worklist.MOST_COUNTED,
            choice=choice,
            asked=asked,
            found=given.get("found", "") if asked else "",
            is_over=bool(given.get("found")) and asked is None,
            is_first=not given.get("after"),
            next=after_row(rows[ROWS - 1]) if len(rows) > ROWS else "",
            end_of_today=end_of_today,
            saved=saved_filters.of(connection, who.login, who.department),
            told=_told(given),
            **_names(connection, who),
        )


@router.post("/search")
def find(request: Request, who: Reader, q: Annotated[str, Form(max_length=1000)] = "") -> Response:
    """Look for anything printed on a letter. A number that is typed whole opens its application."""
    house = services(request)
    house.limiter.check("60/minute", "search", who.login)
    terms = questions.terms(q, intake(request).house().index_key)
    if not terms:
        return redirect(PATH)
    every = who.may(Right.EVERY_DEPARTMENT)
    with house.database.write() as connection:
        readable = None if every else worklist.readable(who.department)
        ids = search.hits(connection, terms, limit=MOST_HITS + 1, readable=readable)
        data = {"q": q[: questions.LONGEST], "ids": ids[:MOST_HITS], "more": len(ids) > MOST_HITS}
        until = house.now() + _KEPT
        name = sessions.give_one_time(connection, "search", staff_id=who.id, until=until, data=data)
        number = _only_number(connection, terms, ids)
        seen = {"kinds": questions.kinds(terms), "found": len(ids)}
        viewlog.append(
            connection, View(who.login, "searched", data=seen, place=place(request)), house.now()
        )
    return redirect(f"{PATH}/{number}" if number else Choice(show="all").address(found=name))


@router.post("/assign")
def assign(request: Request, who: Handler, posted: Posted) -> Response:
    """Give the chosen applications to a colleague, or (``-``) back to their department."""
    house, to = services(request), posted.text("to")
    ids = [int(one) for one in posted.texts("id")[:MOST_AT_ONCE] if one.isdecimal()]
    done = 0
    with house.database.write() as connection:
        known = {one.login for one in _colleagues(connection, who)}
        login = who.login if to == "me" else to
        if login == "-" or login in known:
            for one in sorted(listed.theirs(connection, who, ids)):
                done += _assigned(
                    connection, one, None if login == "-" else login, who, house.now()
                )
    back = own_path(posted.text("back"), PATH)
    back = back if back.partition("?")[0] == PATH else PATH
    mark = "&" if "?" in back else "?"
    return redirect(f"{back}{mark}assigned={done}&refused={len(ids) - done}")


@router.post("/filters")
def keep(request: Request, who: Reader, posted: Posted) -> Response:
    """Keep what is chosen under a name, alone or for the department."""
    house, choice = services(request), Choice.of({n: posted.text(n) for n in _KEEPS})
    name = " ".join(posted.text("name").split())[:60]
    department = who.department if posted.text("shared") else None
    if name:
        with house.database.write() as connection:
            saved_filters.keep(
                connection,
                who.login,
                name,
                choice.values(),
                department=department,
                now=house.now(),
            )
    return redirect(choice.address())


@router.post("/filters/{filter_id}/drop")
def drop(request: Request, who: Reader, filter_id: int) -> Response:
    with services(request).database.write() as connection:
        saved_filters.drop(connection, filter_id, who.login)
    return redirect(PATH)


_KEEPS = ("show", *FIELDS, "review")


def _asked(connection: Connection, who: Staff, name: str, now: datetime) -> dict[str, Any] | None:
    """The kept question of this address, if it is theirs and not over."""
    kept = sessions.look_at_one_time(connection, "search", name, now) if name else None
    return dict(kept.data) if kept is not None and kept.staff_id == who.id else None


def _only_number(
    connection: Connection, terms: Sequence[search.Term], ids: Sequence[int]
) -> str | None:
    """The number that was asked for, where it is an application's and nothing else was asked."""
    if len(terms) != 1 or not terms[0].numbers:
        return None
    found = search.hits(connection, [search.Term(numbers=terms[0].numbers)], limit=1)
    return terms[0].numbers[0] if found and set(found) <= set(ids) else None


def _assigned(
    connection: Connection, application_id: int, login: str | None, who: Staff, now: datetime
) -> bool:
    try:
        routing.assign(connection, application_id, login, by=who.actor, now=now)
    except CannotRoute:
        return False  # closed meanwhile, in conflict, away: the page says how many were refused
    return True


def _colleagues(connection: Connection, who: Staff) -> list[staff.Account]:
    """To whom this person may give work: whoever handles applications, in the own department
    unless all are theirs."""
    every = who.may(Right.EVERY_DEPARTMENT)
    return [
        one
        for one in staff.every(connection)
        if one.disabled_at is None
        and Right.HANDLE in rights_of(one.roles)
        and (every or one.login == who.login or (one.department == who.department is not None))
    ]


def _told(given: Mapping[str, str]) -> dict[str, int] | None:
    done, refused = given.get("assigned", ""), given.get("refused", "")
    known = done.isdecimal() and refused.isdecimal()
    return {"done": int(done), "refused": int(refused)} if known else None


def _names(connection: Connection, who: Staff) -> dict[str, Any]:
    """What selects offer and codes are called."""
    found = departments.every(connection, closed=True)
    people = staff.every(connection) if who.may(Right.HANDLE) else []
    return {
        "departments": found,
        "department_names": {one.code: one for one in found},
        "people": {one.login: one.name for one in people},
        "colleagues": _colleagues(connection, who) if who.may(Right.HANDLE) else [],
        "kinds": worklist.kinds(connection),
        "types": ("unclassified", *TYPES),
    }
