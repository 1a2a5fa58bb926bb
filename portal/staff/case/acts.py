"""What colleagues do on the page of an application: one form, one service, one transaction each."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from cases.answers import drafting, words
from cases.answers.closing import CannotClose
from cases.answers.deciding import InConflict
from cases.answers.drafting import NotYet
from cases.answers.standing import CannotDo
from cases.assessment.assess import BadAssessment
from cases.assessment.taxonomy import NoSuchEntry
from cases.causes.service import BadCause
from cases.deadlines.service import CannotPause
from cases.joining import CannotJoin
from cases.rights import Right
from cases.routing import service as routing
from cases.routing.service import CannotRoute
from portal.public.posted import Posted, PostedForm
from portal.services import services
from portal.staff.case import answer_acts, end_acts, given, matter_acts, work_acts
from portal.staff.case.doing import Act, Doing
from portal.staff.case.door import PATH, readable
from portal.staff.case.given import NotUnderstood
from portal.staff.case.page import shown
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.page import redirect, texts
from portal.web.texts import Texts
from portal.web.visitor import Staff
from storage import routing as places
from storage.engine import Connection

router = APIRouter(prefix=PATH)
Handler = Annotated[Staff, require(Right.HANDLE)]
Decider = Annotated[Staff, require(Right.APPROVE)]
Reader = Annotated[Staff, require(Right.SEE_APPLICATIONS)]
REFUSED = (
    BadAssessment,
    BadCause,
    CannotDo,
    CannotJoin,
    CannotPause,
    CannotRoute,
    NoSuchEntry,
    NotUnderstood,
)


HANDLING: Mapping[str, Act] = (
    matter_acts.HANDLING | work_acts.HANDLING | answer_acts.HANDLING | end_acts.HANDLING
)
DECIDING: Mapping[str, Act] = answer_acts.DECIDING | end_acts.DECIDING


@router.post("/preview")
def preview(request: Request, who: Handler, number: str, posted: Posted) -> Response:
    """The answer as it would go, with everything that stands against it. Changes nothing."""
    try:
        with services(request).database.write() as connection:
            do = _doing(connection, request, who, number, posted)
            content = given.content(posted, do.case.row)
            seen = drafting.preview(connection, do.case.id, content, do.office, now=do.now)
    except REFUSED as error:
        return _refused(request, who, number, posted, "answer", error)
    fields = Fields({name: posted.text(name) for name in posted.data})
    return shown(request, who, number, given=fields, act="answer", preview=seen)


@router.post("/consultations/{consultation_id}")
def answer_consultation(
    request: Request, who: Reader, number: str, consultation_id: int, posted: Posted
) -> Response:
    """A department that was asked says what it thinks."""
    house = services(request)
    try:
        with house.database.write() as connection:
            case = readable(connection, request, who, number)
            routing_rows = places.consultations(connection, application_id=case.id)
            one = next((row for row in routing_rows if row["id"] == consultation_id), None)
            if one is None or who.department != one["department"]:
                raise HTTPException(403)
            routing.answer_consultation(
                connection, consultation_id, posted.text("answer"), by=who.actor, now=house.now()
            )
    except REFUSED as error:
        return _refused(request, who, number, posted, "", error)
    return redirect(f"/staff/applications/{case.number}#conversation")


@router.post("/acts/{act}")
def handle(request: Request, who: Handler, number: str, act: str, posted: Posted) -> Response:
    return _do(request, who, number, act, posted, HANDLING)


@router.post("/decisions/{act}")
def decide(request: Request, who: Decider, number: str, act: str, posted: Posted) -> Response:
    return _do(request, who, number, act, posted, DECIDING)


def _do(
    request: Request, who: Staff, number: str, act: str, posted: Posted, acts: Mapping[str, Act]
) -> Response:
    """Do it and show the page again; what is refused is said where it was asked."""
    house = services(request)
    if act not in acts:
        raise HTTPException(404)
    try:
        with house.database.write() as connection:
            do = _doing(connection, request, who, number, posted)
            bells = acts[act](do)
    except REFUSED as error:
        return _refused(request, who, number, posted, act, error)
    if bells:
        house.ring(bells)
    return redirect(f"/staff/applications/{do.case.number}?done={act}")


def _doing(
    connection: Connection, request: Request, who: Staff, number: str, posted: PostedForm
) -> Doing:
    house = services(request)
    case = readable(connection, request, who, number)
    if not case.access.acts or house.office is None:
        raise HTTPException(403)
    office = replace(house.office, half_day_counts=house.half_days)
    return Doing(
        connection,
        case,
        posted,
        who.actor,
        house.now(),
        office,
        house.complaint_unit,
        house.intake.house if house.intake else None,
    )


def _refused(
    request: Request, who: Staff, number: str, posted: PostedForm, act: str, error: Exception
) -> Response:
    fields = Fields({name: posted.text(name) for name in posted.data})
    fields["marks"] = posted.texts("marks")
    sentences = list(_why(error, act, texts(request)))
    where = "answer" if act in ("draft", "send", "discard") else act
    return shown(request, who, number, errors=sentences, given=fields, act=where)


def _why(error: Exception, act: str, t: Texts) -> list[str]:
    """The services speak to programs; this is what they mean, to people."""
    if isinstance(error, NotYet | CannotClose):
        return [words.finding(one, t.language) for one in error.findings if one.weight == "stops"]
    if isinstance(error, InConflict):
        return [t("case.in_conflict")]
    if isinstance(error, BadAssessment | BadCause):
        return [t.word("case.wrong", error.field)]
    if isinstance(error, NotUnderstood):
        return [t.word("case.wrong", str(error.args[0]))]
    return [t.word("case.refused", act)]
