"""Who is calling: the applications of a number, as soon as it is known. And who rings now."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cases import phone_calls
from cases.rights import Right
from portal.phone.access import Agent, phone_account
from portal.public.accounts import intake
from portal.public.posted import Posted
from portal.services import services
from portal.web.guard import place
from portal.web.live import live
from portal.web.page import render
from portal.web.visitor import Staff
from storage import calls, viewlog
from storage.calls import Call, OpenApplication
from storage.viewlog import View

router = APIRouter(prefix="/staff/phone", include_in_schema=False)
_LONGEST_CALL = timedelta(hours=2)
"""A call that began before has ended, whatever the telephone system forgot to tell."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """``applications``: what may be read of them depends on who looks."""

    phone: str
    applications: tuple[OpenApplication, ...]
    whole: frozenset[int]
    """Ids of those whose subject this colleague may read."""


def recognised(request: Request, who: Staff, phone: str) -> Recognised:
    """The newest applications of this number; that they were shown is written down."""
    house, key = services(request), intake(request).house().index_key
    with house.database.read() as connection:
        found = tuple(phone_calls.applications(connection, phone, key))
    if found:
        with house.database.write() as connection:
            for one in found:
                view = View(who.login, "viewed", one.id, {"where": "phone"}, place=place(request))
                viewlog.append(connection, view, house.now())
    every = who.may(Right.EVERY_DEPARTMENT)
    whole = {one.id for one in found if every or one.department in (None, who.department)}
    return Recognised(phone, found, frozenset(whole))


@router.post("/caller")
def caller(request: Request, who: Agent, posted: Posted) -> HTMLResponse:
    """The applications of the number that was typed."""
    found = recognised(request, who, posted.text("phone")[:60])
    return render(request, "phone/recognised.html", found=found, joins=posted.text("joins"))


@router.get("/live")
def ringing(request: Request, who: Agent) -> Response:
    """Follow the line: calls that ring or are talked on."""
    phone_account(request)
    return live(
        request,
        lambda: at_the_line(request, who),
        lambda found: render(request, "phone/line.html", line=found),
        every=0.5,
    )


def at_the_line(request: Request, who: Staff) -> list[Call]:
    """Calls for this colleague, or for nobody in particular."""
    house = services(request)
    with house.database.read() as connection:
        return calls.at_the_line(connection, who.login, house.now() - _LONGEST_CALL)
