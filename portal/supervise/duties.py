"""Applicants who may not know their number: why, what to do, and who did it."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from cases import duties as desk
from cases.rights import Right
from portal.services import services
from portal.supervise.names import names_of
from portal.supervise.posted import Posted
from portal.web.guard import require
from portal.web.page import redirect, render
from portal.web.visitor import Staff
from storage import answers, duties

router = APIRouter(prefix="/staff/duties")
Owner = Annotated[Staff, require(Right.HANDLE)]
HOW = ("told_by_phone", "told_in_person", "told_in_channel", "cannot_be_reached")
"""How somebody met a duty; kept with the row."""


@router.get("")
def every(request: Request, _who: Owner) -> HTMLResponse:
    """Open duties, oldest first, and answers that did not arrive."""
    with services(request).database.read() as connection:
        return render(
            request,
            "supervise/duties.html",
            duties=duties.acknowledgements(connection),
            undelivered=answers.undelivered(connection),
            names=names_of(request, connection),
            how=HOW,
        )


@router.post("/{number}/{state}")
def settle(
    request: Request,
    who: Owner,
    number: str,
    state: Literal["met", "pending"],
    given: Posted,
) -> Response:
    """A person told the applicant, or lets it be sent once more."""
    house = services(request)
    how = given["how"] if given["how"] in HOW else "sent again"
    if state == "met" and given["how"] not in HOW:
        raise HTTPException(422)
    try:
        with house.database.write() as connection:
            bells = desk.settle(connection, number, state, how, by=who.actor, now=house.now())
    except desk.NoSuchDuty:
        raise HTTPException(409) from None  # somebody was faster, or there is no way to send it
    house.ring(bells)
    return redirect("/staff/duties")
