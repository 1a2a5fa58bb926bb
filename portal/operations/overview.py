"""The room from which operations sees everything: is anything wrong, since when, what do I do?"""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from cases import health, health_words
from cases.rights import Right
from portal.operations.pictures import Pictures, Seen
from portal.services import services
from portal.web.guard import place, require
from portal.web.live import live
from portal.web.page import redirect, render, said_in, texts
from portal.web.visitor import Staff
from storage import channels, switches, viewlog
from storage.engine import Connection
from storage.viewlog import View

router = APIRouter(prefix="/staff/operations")
Watcher = Annotated[Staff, require(Right.SEE_OPERATIONS)]
Operator = Annotated[Staff, require(Right.RUN_OPERATIONS)]
LIVE_SECONDS = 5.0
LONGEST_PARK = 7 * 24 * 60


@router.get("")
def page(request: Request, _who: Watcher) -> HTMLResponse:
    return render(request, "operations/overview.html", **_shown(request, _pictures(request).now()))


@router.get("/live")
def follow(request: Request, _who: Watcher) -> Response:
    """The same, as it changes."""

    def draw(seen: Seen) -> HTMLResponse:
        return render(request, "operations/picture.html", **_shown(request, seen))

    return live(request, _pictures(request).newest, draw, every=LIVE_SECONDS)


@router.post("/channels/{name}/start")
def start(request: Request, who: Operator, name: str) -> Response:
    """Read it again now, whatever stopped or parked it."""
    return _act(request, who, name, "start", lambda c: channels.unpark(c, name))


@router.post("/channels/{name}/stop")
def stop(request: Request, who: Operator, name: str) -> Response:
    return _act(request, who, name, "stop", lambda c: channels.stop(c, name))


@router.post("/channels/{name}/park")
def park(
    request: Request,
    who: Operator,
    name: str,
    minutes: Annotated[int, Form(ge=1, le=LONGEST_PARK)] = 60,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Leave it alone for a while; it goes on by itself."""
    house = services(request)
    why = " ".join(reason.split()) or "parked by hand"

    def do(connection: Connection) -> bool:
        until = house.now() + timedelta(minutes=minutes)
        told = f"Parked by {who.name}."
        return channels.park_by_hand(connection, name, until=until, reason=why, remedy=told)

    return _act(request, who, name, "park", do)


@router.post("/maintenance/begin")
def begin(
    request: Request, who: Operator, reason: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """What comes in lands; nothing is done with it until it is over."""
    house = services(request)
    with house.database.write() as connection:
        switches.begin_maintenance(
            connection, by=who.login, reason=" ".join(reason.split()), now=house.now()
        )
        _note(connection, request, who, {"maintenance": True})
    return redirect("/staff/operations")


@router.post("/maintenance/end")
def end(request: Request, who: Operator) -> Response:
    with services(request).database.write() as connection:
        switches.end_maintenance(connection)
        _note(connection, request, who, {"maintenance": False})
    return redirect("/staff/operations")


def _act(request: Request, who: Staff, name: str, what: str, do: Any) -> Response:
    with services(request).database.write() as connection:
        if not do(connection):
            raise HTTPException(404)
        _note(connection, request, who, {"channel": name, "did": what})
    return redirect("/staff/operations#channels")


def _note(connection: Connection, request: Request, who: Staff, data: dict[str, Any]) -> None:
    view = View(who.login, "operations", data=data, place=place(request))
    viewlog.append(connection, view, services(request).now())


def _pictures(request: Request) -> Pictures:
    found: Pictures = request.app.state.pictures
    return found


def _shown(request: Request, seen: Seen) -> dict[str, Any]:
    picture, language = seen.picture, texts(request).language
    say = said_in(language)
    return {
        "picture": picture,
        "around": seen.around,
        "findings": [
            {
                "finding": one,
                "what": health_words.what(one, language, say=say),
                "remedy": health_words.remedy(one, language, say=say),
            }
            for one in seen.findings
        ],
        "bad": sum(1 for one in seen.findings if one.level == "bad"),
        "channel_state": lambda state: health.channel_state(state, picture),
        "stage_state": lambda row: health.stage_state(row, picture),
        "silent": health.silent_processes(picture),
        "number_p95": health.percentile(picture.times.to_number, 0.95),
        "number_p50": health.percentile(picture.times.to_number, 0.5),
        "sms_p95": health.percentile(picture.times.to_sms, 0.95),
        "sms_p50": health.percentile(picture.times.to_sms, 0.5),
        "objectives": services(request).operations,
    }
