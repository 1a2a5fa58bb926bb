"""What the matter is, whose it is, and what caused it."""

from typing import Literal, cast

from cases.assessment import assess as assessment
from cases.causes import service as causes
from cases.deadlines import service as clocks
from cases.routing import service as routing
from portal.staff.case import given
from portal.staff.case.doing import Doing, by_name


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


HANDLING = by_name(assess, route, assign, consult, pause, resume, cause, improve)
