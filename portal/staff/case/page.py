"""Shows one application. Every look is recorded; who may only know that it exists sees that."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from cases import dossier as rules
from cases import provinces
from cases.answers import authority, proceedings, words
from cases.answers.sending import media_for
from cases.assessment.suggest import in_words
from cases.reasons import in_words as why_alike
from cases.reports import labels
from cases.revealing import NoReason, reveal, view
from cases.rights import Right, rights_of
from portal.services import services
from portal.staff.case.conversation import entries
from portal.staff.case.door import PATH, Case, entered, readable
from portal.web.forms import Fields
from portal.web.guard import place, require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import (
    answers,
    assessing,
    causes,
    closing,
    contact,
    deadlines,
    departments,
    dossier,
    lookups,
    routing,
    scans,
    staff,
    standing,
    tasks,
    taxonomy,
)
from storage.engine import Connection
from storage.outbox import OPEN_DUTY
from storage.reporting import facts

router = APIRouter(prefix=PATH)
Viewer = Annotated[Staff, require(Right.SEE_APPLICATIONS)]
Revealer = Annotated[Staff, require(Right.REVEAL)]


@router.get("")
def page(request: Request, who: Viewer, number: str) -> HTMLResponse:
    return shown(request, who, number)


@router.post("/reveal")
def opened(
    request: Request,
    who: Revealer,
    number: str,
    reason: Annotated[str, Form(max_length=500)] = "",
    other: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Show what is masked, for half an hour, with a reason that auditors read."""
    house = services(request)
    with house.database.write() as connection:
        case = readable(connection, request, who, number)
        try:
            reveal(
                connection,
                who.login,
                case.id,
                ["contact", "text", "files"],
                reason=other or reason,
                place=place(request),
                now=house.now(),
            )
        except NoReason:
            errors = [texts(request)("case.no_reason")]
        else:
            return redirect(f"/staff/applications/{case.number}")
    return shown(request, who, number, errors=errors)


def shown(
    request: Request,
    who: Staff,
    number: str,
    *,
    errors: list[str] | None = None,
    given: Fields | None = None,
    act: str = "",
    preview: Any = None,
) -> HTMLResponse:
    """The page; after an act that was refused, with what was given and why it was refused."""
    house = services(request)
    with house.database.read() as connection:  # a page that is read holds nothing up
        case = entered(connection, request, who, number)
        values = _everything(connection, request, case) if case.access.level == "reads" else {}
    with house.database.write() as connection:
        view(connection, who.login, case.id, place(request), house.now())
    return render(
        request,
        "case/page.html" if values else "case/status.html",
        status=422 if errors else 200,
        row=case.row,
        access=case.access,
        is_open=case.open,
        errors=errors or [],
        given=given or Fields(),
        act=act,
        preview=preview,
        findings=[(words.finding(f, texts(request).language), f.weight) for f in preview.findings]
        if preview
        else [],
        **values or _little(request, case),
    )


def _little(request: Request, case: Case) -> dict[str, Any]:
    with services(request).database.read() as connection:
        found = departments.one(connection, case.row["department"] or "")
    return {"department": found}


def _everything(connection: Connection, request: Request, case: Case) -> dict[str, Any]:
    language, row = texts(request).language, case.row
    clocks = {one.clock: one for one in deadlines.clocks(connection, [case.id])}
    internal = clocks.get("internal")
    runs = internal is not None and internal.stopped_at is None
    paused = bool(internal and internal.paused_at) if runs else None
    written = answers.of_application(connection, case.id)
    files = dossier.files(connection, case.id)
    said, ours = dossier.sent(connection, case.id), labels.known(connection)
    every = departments.every(connection, closed=True)
    stands = standing.look(connection, case.id)
    assert stands is not None
    waits = next((one for one in reversed(written) if one.state == "waiting"), None)
    return {
        "entries": entries(connection, case, language),
        "clocks": clocks,
        "paused": paused,
        "acts": rules.acts(row, paused=paused),
        "next_act": rules.next_act(row, waits_for_approval=waits is not None),
        "waiting": waits,
        "draft": next((a for a in reversed(written) if a.state in ("draft", "rejected")), None),
        "undelivered": answers.undelivered(connection, [case.id]),
        "history": dossier.history(connection, case.id)[::-1],
        "hints": _hints(connection, case, language),
        "fact": facts.fact_row(connection, case.id) or {},
        "provinces": provinces.in_order(),
        "agents": facts.known_agents(connection),
        "assessed": next(iter(assessing.history(connection, case.id)), None),
        "suggested": [
            one | {"why": why_alike(one["reasons"], language)}
            for one in dossier.suggested(connection, case.id)
        ],
        "joined": dossier.joined_from(connection, case.id),
        "duplicate_of": dossier.number_of(connection, row["duplicate_of"])
        if row["duplicate_of"]
        else None,
        "tasks": tasks.open_ones(connection, application_id=case.id),
        "calls_due": [
            call
            for one in said
            if one["medium"] == "phone"
            for call in contact.to_call(connection, one["id"])
        ],
        "consultations": routing.consultations(connection, application_id=case.id),
        "questions": contact.open_questions(connection, case.id),
        "lookups": lookups.of(connection, case.id),
        "findings_of_cause": causes.findings(connection, case.id),
        "proceedings": closing.proceedings(connection, case.id),
        "courts": {"kinds": proceedings.KINDS, "outcomes": proceedings.OUTCOMES},
        "representatives": contact.representatives(connection, case.id),
        "represents": authority.KINDS,
        "files": files,
        "scans": scans.of(connection, [one["sha256"] for one in files]),
        "scanned": services(request).clamd is not None,
        "own": case.own,
        "owed": [one for one in said if one["purpose"] == "received"],
        "unmet": [one for one in said if one["state"] in OPEN_DUTY],
        "media": media_for(connection, stands),
        "departments": [one for one in every if one.closed_at is None],
        "department_names": {one.code: one.name(language) for one in every},
        "people": {one.login: one.name for one in staff.every(connection)},
        "colleagues": _colleagues(connection, case),
        "taxonomy": {k: taxonomy.entries(connection, k) for k in ("branch", "topic", "cause")},
        "named": lambda kind, code: labels.names(kind, code, ours)[language != "tr"],
    }


def _hints(connection: Connection, case: Case, language: str) -> dict[str, Any]:
    """Field -> the surest suggestion, with its reason in words."""
    out: dict[str, Any] = {}
    for one in assessing.hints(connection, case.id):
        if one["chosen"] is None:
            out.setdefault(one["field"], one | {"said": in_words(one["why"], language)})
    return out


def _colleagues(connection: Connection, case: Case) -> list[staff.Account]:
    """To whom it can be given: handlers of its department."""
    return [
        one
        for one in staff.every(connection)
        if one.disabled_at is None
        and Right.HANDLE in rights_of(one.roles)
        and case.row["department"] in (None, one.department)
    ]
