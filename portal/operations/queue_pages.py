"""Dramatiq's queues and its dead letters: look, put back, throw away, on record."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases.rights import Right
from portal.services import services
from portal.web.guard import place, require
from portal.web.page import redirect, render
from portal.web.visitor import Staff
from storage import viewlog
from storage.viewlog import View

router = APIRouter(prefix="/staff/queues")
Watcher = Annotated[Staff, require(Right.SEE_OPERATIONS)]
Operator = Annotated[Staff, require(Right.RUN_OPERATIONS)]
MOST = 1_000
"""Letters that one press sees to."""


@router.get("")
def queues(
    request: Request,
    _who: Watcher,
    done: Annotated[str, Query(pattern="^[a-z]{0,20}$")] = "",
    count: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    """What waits and what is dead. ``done`` and ``count``: what was just done, to how many."""
    letters = services(request).letters
    found = letters.queues()
    dead = [one for queue in found or () for one in letters.dead(queue.name)]
    return render(
        request, "operations/queues.html", queues=found, dead=dead, done=done, count=count
    )


@router.post("/{queue}/requeue")
def requeue(
    request: Request, who: Operator, queue: str, letter: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """One letter, or all of the queue."""
    return _each(request, who, queue, letter, "requeued", services(request).letters.requeue)


@router.post("/{queue}/purge")
def purge(
    request: Request, who: Operator, queue: str, letter: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    return _each(request, who, queue, letter, "purged", services(request).letters.purge)


def _each(
    request: Request,
    who: Staff,
    queue: str,
    letter: str,
    what: str,
    do: Callable[[str, str], bool],
) -> Response:
    house = services(request)
    if queue not in {one.name for one in house.letters.queues() or ()}:
        raise HTTPException(404)
    chosen = [letter] if letter else [one.id for one in house.letters.dead(queue, MOST)]
    done = sum(do(queue, one) for one in chosen)
    with house.database.write() as connection:
        data = {"queue": queue, "did": what, "letters": done}
        view = View(who.login, "operations", data=data, place=place(request))
        viewlog.append(connection, view, house.now())
    return redirect(f"/staff/queues?done={what}&count={done}")
