"""What can be chosen: branches, topics of two levels, root causes. Nothing is ever deleted."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from cases.assessment import taxonomy as desk
from cases.assessment.taxonomy import NewEntry, NoSuchEntry
from cases.rights import Right
from portal.services import services
from portal.supervise.posted import Posted, count_of
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import taxonomy

router = APIRouter(prefix="/staff/taxonomy")
Keeper = Annotated[Staff, require(Right.MANAGE_TEXTS)]
Kind = Literal["branch", "topic", "cause"]


@router.get("")
def home(_who: Keeper) -> Response:
    """Topics change most."""
    return redirect("/staff/taxonomy/topic")


@router.get("/{kind}")
def every(request: Request, _who: Keeper, kind: Kind, code: str = "") -> HTMLResponse:
    """The entries of today; ``code``: one of them in the form, to be renamed."""
    with services(request).database.read() as connection:
        found = taxonomy.entry(connection, kind, code) if code else None
    if code and found is None:
        raise HTTPException(404)
    given = Fields()
    if found is not None:
        given = Fields({n: str(getattr(found, n) or "") for n in ("code", "name_tr", "name_en")})
        given |= {"position": str(found.position), "regulator_code": found.regulator_code or ""}
    return _page(request, kind, given, Fields(), editing=code)


@router.post("/{kind}")
def put(request: Request, who: Keeper, kind: Kind, given: Posted) -> Response:
    """Add an entry, rename one, or bring a retired one back."""
    house = services(request)
    names = {name: given[name] for name in ("code", "name_tr", "name_en")}
    new = NewEntry(
        kind,
        **names,
        position=count_of(given["position"]),
        regulator_code=given["regulator_code"] or None,
    )
    try:
        with house.database.write() as connection:
            desk.put(connection, new, by=who.actor, now=house.now())
    except NoSuchEntry:
        field = "code" if new.name_tr and new.name_en else "name_tr"
        wrong = texts(request)(f"taxonomy.{field}_wrong")
        return _page(request, kind, given, Fields({field: wrong}))
    return redirect(f"/staff/taxonomy/{kind}")


@router.post("/{kind}/retire")
def retire(request: Request, _who: Keeper, kind: Kind, given: Posted) -> Response:
    """It cannot be chosen any more; what was chosen before keeps it."""
    house = services(request)
    try:
        with house.database.write() as connection:
            desk.retire(connection, kind, given["code"], now=house.now())
    except NoSuchEntry:
        raise HTTPException(404) from None
    return redirect(f"/staff/taxonomy/{kind}")


def _page(
    request: Request, kind: Kind, given: Fields, errors: Fields, *, editing: str = ""
) -> HTMLResponse:
    with services(request).database.read() as connection:
        return render(
            request,
            "supervise/taxonomy.html",
            status=422 if errors else 200,
            kind=kind,
            entries=_in_order(taxonomy.entries(connection, kind)),
            retired=taxonomy.retired(connection, kind),
            history=taxonomy.history(connection, kind, editing) if editing else [],
            given=given,
            errors=errors,
            editing=editing,
        )


def _in_order(entries: list[taxonomy.Entry]) -> list[taxonomy.Entry]:
    """Sub-topics behind the topic that they belong to."""
    out: list[taxonomy.Entry] = []
    for one in entries:
        if one.parent is None:
            out += [one, *(sub for sub in entries if sub.parent == one.code)]
    return out
