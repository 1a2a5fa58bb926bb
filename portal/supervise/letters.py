"""The print list: letters that were made, printed, posted, and that came back."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases.answers import printing
from cases.answers.standing import CannotDo
from cases.rights import Right
from portal.services import services
from portal.supervise.posted import Posted
from portal.web.guard import place, require
from portal.web.page import redirect, render
from portal.web.visitor import Staff
from storage import contact, viewlog
from storage.contact import LetterRow
from storage.engine import Connection
from storage.viewlog import View

router = APIRouter(prefix="/staff/letters")
Owner = Annotated[Staff, require(Right.HANDLE)]
STATES = ("made", "printed", "posted", "returned")


@router.get("")
def every(
    request: Request, _who: Owner, state: Annotated[str, Query(max_length=10)] = ""
) -> HTMLResponse:
    """What is to be printed and posted; the tabs have what was."""
    state = state if state in STATES else "made"
    with services(request).database.read() as connection:
        found = contact.letters(connection, STATES)
    return render(
        request,
        "supervise/letters.html",
        letters=[one for one in found if one.state == state],
        state=state,
        counts={name: sum(one.state == name for one in found) for name in STATES},
    )


@router.get("/{outbox_id}/pdf")
def pdf(request: Request, who: Owner, outbox_id: int) -> Response:
    """The letter itself. It names a person: opening it is on record."""
    house = services(request)
    with house.database.read() as connection:
        letter = _letter(connection, outbox_id)
    if letter is None or house.raw is None:
        raise HTTPException(404)
    try:
        data = house.raw(letter.sha256)
    except (KeyError, OSError):
        raise HTTPException(404) from None  # erased, or the store is away: operations see which
    with house.database.write() as connection:
        data_ = {"letter": outbox_id}
        view = View(who.login, "viewed", letter.application_id, data=data_, place=place(request))
        viewlog.append(connection, view, house.now())
    name = f'inline; filename="{letter.number}.pdf"'
    return Response(data, media_type="application/pdf", headers={"Content-Disposition": name})


@router.post("/{outbox_id}/{step}")
def move(
    request: Request,
    who: Owner,
    outbox_id: int,
    step: Literal["printed", "posted", "returned"],
    given: Posted,
) -> Response:
    """One step on. What somebody else did a moment ago is shown as it stands."""
    house = services(request)
    now = house.now()
    try:
        with house.database.write() as connection:
            match step:
                case "printed":
                    printing.printed(connection, outbox_id, by=who.actor, now=now)
                case "posted":
                    printing.posted(connection, outbox_id, given["tracking"], by=who.actor, now=now)
                case "returned":
                    printing.came_back(connection, outbox_id, by=who.actor, now=now)
    except CannotDo:
        raise HTTPException(409) from None
    before = {"printed": "made", "posted": "printed", "returned": "posted"}[step]
    return redirect(f"/staff/letters?state={before}")


def _letter(connection: Connection, outbox_id: int) -> LetterRow | None:
    found = contact.letters(connection, STATES)
    return next((one for one in found if one.outbox_id == outbox_id), None)
