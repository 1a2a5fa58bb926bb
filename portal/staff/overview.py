"""The live board: all departments follow all applications as they come."""

import time
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cases import live_board
from cases.live_board import Snapshot
from cases.rights import Right
from portal.services import services
from portal.web.guard import is_still_in, require
from portal.web.language import language_of
from portal.web.live import live
from portal.web.page import render
from portal.web.visitor import Staff
from storage import departments

router = APIRouter(prefix="/staff")
Watcher = Annotated[Staff, require(Right.SEE_BOARD)]
_ASKED_EVERY = 10.0
"""Seconds after which a board asks whether whoever watches is still signed in."""


@router.get("")
def overview(request: Request, _who: Watcher) -> HTMLResponse:
    return render(request, "board/board.html", figures=_figures(request, _seen(request)))


@router.get("/wall")
def wall(request: Request, _who: Watcher) -> HTMLResponse:
    """The same for a screen on a wall: large, no menu, nothing to press."""
    return render(request, "board/wall.html", figures=_figures(request, _seen(request)))


@router.get("/live")
def follow(request: Request, _who: Watcher) -> Response:
    return live(
        request,
        lambda: _seen(request),
        lambda seen: HTMLResponse(_figures(request, seen)),
        goes_on=_asked_rarely(request),
    )


def _seen(request: Request) -> Snapshot:
    """The board, read once for everybody who watches."""
    house = services(request)

    def read() -> Snapshot:
        with house.database.read() as connection:
            return live_board.look(connection, house.now())

    return house.shared.get("board", read)


def _figures(request: Request, seen: Snapshot) -> str:
    """The figures, drawn once for everybody who reads the same language and may open the same."""
    house, who = services(request), request.state.visitor

    def draw() -> str:
        with house.database.read() as connection:
            names = {one.code: one for one in departments.every(connection, closed=True)}
        page = render(request, "board/figures.html", seen=seen, department_names=names)
        return bytes(page.body).decode()

    opens = who.may(Right.SEE_APPLICATIONS)
    return house.shared.drawn(f"board/{language_of(request)}/{opens}", seen, draw)


def _asked_rarely(request: Request) -> Callable[[], bool]:
    """Whether the session goes on, asked of the database every few seconds only."""
    last, answer = time.monotonic(), True

    def goes_on() -> bool:
        nonlocal last, answer
        if time.monotonic() - last >= _ASKED_EVERY:
            last, answer = time.monotonic(), is_still_in(request)
        return answer

    return goes_on
