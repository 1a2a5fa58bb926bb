"""What colleagues do on the page of an application: one form, one service, one transaction each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Literal, cast

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from cases import joining
from cases.answers import asking, calls, closing, drafting, notes, proceedings, words
from cases.answers.closing import CannotClose
from cases.answers.drafting import NotYet
from cases.answers.office import Office
from cases.answers.standing import CannotDo
from cases.assessment import assess as assessment
from cases.assessment.assess import BadAssessment
from cases.assessment.taxonomy import NoSuchEntry
from cases.causes import service as causes
from cases.causes.service import BadCause
from cases.deadlines import service as clocks
from cases.deadlines.rules import end_of
from cases.deadlines.service import CannotPause
from cases.joining import CannotJoin
from cases.recording import House
from cases.rights import Right
from cases.routing import service as routing
from cases.routing.service import CannotRoute
from config.clock import local_date
from portal.public.posted import Posted, PostedForm
from portal.services import services
from portal.staff.case import given
from portal.staff.case.door import PATH, Case, readable
from portal.staff.case.given import NotUnderstood
from portal.staff.case.page import shown
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.page import redirect, texts
from portal.web.texts import Texts
from portal.web.visitor import Staff
from storage import answers, dossier, filings, tasks
from storage import routing as places
from storage.engine import Connection
from storage.tasks import NewTask

router = APIRouter(prefix=PATH)
Handler = Annotated[Staff, require(Right.HANDLE)]
Decider = Annotated[Staff, require(Right.APPROVE)]
Reader = Annotated[Staff, require(Right.SEE_APPLICATIONS)]
Bells = Mapping[str, Sequence[int]]
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


@dataclass(frozen=True, slots=True)
class Doing:
    """One act: who does what to which application, with what was written."""

    connection: Connection
    case: Case
    posted: PostedForm = field(repr=False)
    by: str
    now: datetime
    office: Office
    unit: str
    recording: Callable[[], House] | None = None
    """What numbering an application must know; None where this portal takes nothing."""

    @property
    def law(self) -> clocks.Law:
        half = self.office.half_day_counts
        today = local_date(self.now)
        return clocks.law(self.connection, half_day_counts=half, around=today)

    def text(self, name: str) -> str:
        return self.posted.text(name)


def assess(do: Doing) -> None:
    assessment.assess(
        do.connection,
        do.case.id,
        given.judgement(do.posted),
        law=do.law,
        unit=do.unit,
        by=do.by,
        now=do.now,
    )


def route(do: Doing) -> None:
    to, why = do.text("department"), do.text("reason")
    routing.route(do.connection, do.case.id, to, reason=why, by=do.by, now=do.now)


def assign(do: Doing) -> None:
    routing.assign(do.connection, do.case.id, do.text("to") or None, by=do.by, now=do.now)


def consult(do: Doing) -> None:
    routing.consult(
        do.connection,
        do.case.id,
        do.text("department"),
        do.text("question"),
        calendar=do.law.calendar,
        by=do.by,
        now=do.now,
    )


def ask(do: Doing) -> Bells:
    said, medium = do.text("question"), do.text("medium")
    _, bells = asking.ask(do.connection, do.case.id, said, medium, do.office, by=do.by, now=do.now)
    return bells


def note(do: Doing) -> None:
    notes.add_note(do.connection, do.case.id, do.text("text"), by=do.by, now=do.now)


def task(do: Doing) -> None:
    """What is to be done stands in a note, since tasks hold no free text."""
    due = end_of(given.day(do.posted, "due_on"))
    if due < do.now - timedelta(days=1):
        raise NotUnderstood("due_on")
    row = notes.add_note(do.connection, do.case.id, do.text("text"), by=do.by, now=do.now)
    new = NewTask(
        kind="note",
        due_at=due,
        application_id=do.case.id,
        department=do.case.row["department"],
        assignee=do.text("to") or None,
        data={"note": row},
        by=do.by,
    )
    tasks.add(do.connection, new, do.now)


def task_done(do: Doing) -> None:
    one = tasks.find(do.connection, given.row_id(do.posted, "task"))
    if one is None or one.application_id != do.case.id:
        raise NotUnderstood("task")
    tasks.done(do.connection, one.id, by=do.by, now=do.now)


def pause(do: Doing) -> None:
    clocks.pause(do.connection, do.case.id, do.text("reason"), by=do.by, now=do.now)


def resume(do: Doing) -> None:
    calendar = do.law.calendar
    clocks.resume(do.connection, do.case.id, calendar=calendar, by=do.by, now=do.now)


def cause(do: Doing) -> None:
    found = causes.Finding(
        do.text("cause"),
        do.text("department"),
        cast("Literal['yes', 'partly', 'no']", do.text("justified")),
        bool(do.text("systemic")),
        do.posted.texts("why"),
    )
    causes.found(do.connection, do.case.id, found, by=do.by, now=do.now)


def improve(do: Doing) -> None:
    row = do.case.row
    new = causes.NewImprovement(
        kind=cast("Literal['corrective', 'preventive']", do.text("kind")),
        title=do.text("title"),
        department=do.text("department"),
        owner=do.text("owner"),
        due_on=given.day(do.posted, "due_on"),
        cause=row["cause"],
        topic=None if row["cause"] else row["topic"],
        sources=[do.case.id],
    )
    causes.open_(do.connection, new, by=do.by, now=do.now)


def draft(do: Doing) -> None:
    _kept(do)


def send(do: Doing) -> Bells:
    answer = _kept(do)
    return drafting.submit(do.connection, answer, do.office, by=do.by, now=do.now).bells


def _kept(do: Doing) -> int:
    """The draft as it was written, new or the one that is there."""
    content = given.content(do.posted, do.case.row)
    if not do.text("answer"):
        return drafting.draft(do.connection, do.case.id, content, by=do.by, now=do.now)
    answer = _answer(do)
    drafting.change(do.connection, answer, content, by=do.by, now=do.now)
    return answer


def _answer(do: Doing) -> int:
    """The answer that the form names, which must be one of this application."""
    one = answers.by_id(do.connection, given.row_id(do.posted, "answer"))
    if one is None or one.application_id != do.case.id:
        raise NotUnderstood("answer")
    return one.id


def call(do: Doing) -> Bells | None:
    outbox_id = given.row_id(do.posted, "outbox")
    if outbox_id not in {one["id"] for one in _owed(do)}:
        raise NotUnderstood("outbox")
    came = calls.called(
        do.connection,
        outbox_id,
        reached=do.text("reached") == "yes",
        note=do.text("note"),
        office=do.office,
        by=do.by,
        now=do.now,
    )
    return came.bells


def _owed(do: Doing) -> Sequence[Mapping[str, int]]:
    return dossier.sent(do.connection, do.case.id)


def close(do: Doing) -> None:
    one = closing.Closing(do.text("outcome"), given.money(do.text("redress")), do.text("reason"))
    closing.close(do.connection, do.case.id, one, by=do.by, now=do.now)


def verdict(do: Doing) -> None:
    closing.verdict(
        do.connection,
        do.case.id,
        do.text("verdict"),
        half_days=do.office.half_day_counts,
        by=do.by,
        now=do.now,
        comment=do.text("comment"),
    )


def proceeding(do: Doing) -> None:
    proceedings.open_proceeding(
        do.connection,
        do.case.id,
        do.text("kind"),
        do.text("file_number"),
        given.day(do.posted, "opened_on"),
        by=do.by,
        now=do.now,
    )


def part(do: Doing) -> Bells:
    """Undo: a message that was joined here is a matter of its own."""
    message_id = given.row_id(do.posted, "message")
    filed = filings.application_of(do.connection, message_id)
    if filed is None or filed[0] != do.case.id or do.recording is None:
        raise NotUnderstood("message")
    parted = joining.part(do.connection, message_id, do.recording(), by=do.by, now=do.now)
    return parted.to_send


def approve(do: Doing) -> Bells:
    return drafting.approve(do.connection, _answer(do), do.office, by=do.by, now=do.now)


def reject(do: Doing) -> None:
    drafting.reject(do.connection, _answer(do), do.text("why"), by=do.by, now=do.now)


def reopen(do: Doing) -> None:
    why, said = do.text("why"), do.text("reason")
    closing.reopen(do.connection, do.case.id, why, said, do.office, by=do.by, now=do.now)


Act = Callable[[Doing], Bells | None]
HANDLING: Mapping[str, Act] = {
    one.__name__: one
    for one in (
        *(assess, route, assign, consult, ask, note, task, task_done, pause, resume, cause),
        *(improve, draft, send, call, close, verdict, proceeding, part),
    )
}
DECIDING: Mapping[str, Act] = {one.__name__: one for one in (approve, reject, reopen)}


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
    where = "answer" if act in ("draft", "send") else act
    return shown(request, who, number, errors=sentences, given=fields, act=where)


def _why(error: Exception, act: str, t: Texts) -> list[str]:
    """The services speak to programs; this is what they mean, to people."""
    if isinstance(error, NotYet | CannotClose):
        return [words.finding(one, t.language) for one in error.findings if one.weight == "stops"]
    if isinstance(error, BadAssessment | BadCause):
        return [t.word("case.wrong", error.field)]
    if isinstance(error, NotUnderstood):
        return [t.word("case.wrong", str(error.args[0]))]
    return [t.word("case.refused", act)]
