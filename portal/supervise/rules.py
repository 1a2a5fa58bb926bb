"""Rules that suggest and that route: read, written, tried on the past, switched on and off."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from cases.assessment.taxonomy import NoSuchEntry
from cases.rights import Right
from cases.rules import book
from cases.rules.book import BadRule, Draft, Trial
from cases.rules.condition import BadCondition
from cases.words import TYPES
from portal.services import services
from portal.supervise.names import Names, choices, names_of
from portal.supervise.posted import Posted, count_of
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import rules
from storage.engine import Connection
from storage.reporting import lists
from storage.rules import RuleRow

router = APIRouter(prefix="/staff/rules")
Keeper = Annotated[Staff, require(Right.MANAGE_TEXTS)]
Use = Literal["suggest", "route"]
SINCE = (30, 90, 365, 1095)
"""Days of the past that a rule can be tried on."""
SHOWN = 30
"""Differences that a trial shows."""


@router.get("")
def home(_who: Keeper) -> Response:
    """Routing comes first: it moves work."""
    return redirect("/staff/rules/route")


@router.get("/{use}")
def every(request: Request, _who: Keeper, use: Use) -> HTMLResponse:
    """The rules of today, in the order in which they are asked."""
    with services(request).database.read() as connection:
        return render(
            request,
            "supervise/rules.html",
            use=use,
            rules=rules.rules(connection, use),
            names=names_of(request, connection),
        )


@router.get("/{use}/new")
def new(request: Request, _who: Keeper, use: Use) -> HTMLResponse:
    return _form(request, use, None, Fields(condition="", position=""), Fields())


@router.post("/{use}/new")
def add(request: Request, who: Keeper, use: Use, given: Posted) -> Response:
    """Write a rule, or only try it: the button says which."""
    with services(request).database.read() as connection:
        if rules.rule(connection, use, given["name"]) is not None:
            return _form(request, use, None, given, Fields(name=texts(request)("rules.name_taken")))
    return _written(request, who, use, None, given)


@router.get("/{use}/{name}")
def one(request: Request, _who: Keeper, use: Use, name: str) -> HTMLResponse:
    row = _rule(request, use, name)
    given = Fields(condition=row.condition, position=str(row.position), note="", **row.gives)
    return _form(request, use, row, given, Fields())


@router.post("/{use}/{name}")
def change(request: Request, who: Keeper, use: Use, name: str, given: Posted) -> Response:
    """A new version. It is off until it was tried and switched on."""
    return _written(request, who, use, _rule(request, use, name), given)


@router.post("/{use}/{name}/{state}")
def switch(
    request: Request, who: Keeper, use: Use, name: str, state: Literal["on", "off", "remove"]
) -> Response:
    _rule(request, use, name)
    house = services(request)
    now = house.now()
    with house.database.write() as connection:
        if state == "remove":
            book.remove(connection, use, name, now=now)
            return redirect(f"/staff/rules/{use}")
        book.switch(connection, use, name, state == "on", by=who.actor, now=now)
    return redirect(f"/staff/rules/{use}/{name}")


def _written(
    request: Request, who: Staff, use: Use, old: RuleRow | None, given: Fields
) -> Response:
    house = services(request)
    draft = Draft(
        use,
        old.name if old else given["name"],
        given["condition"],
        {field: given[field] for field in book.GIVES[use] if given[field]},
        count_of(given["position"]),
    )
    try:
        if given["do"] == "try":
            return _form(request, use, old, given, Fields(), _tried(request, who, draft, given))
        with house.database.write() as connection:
            book.put(connection, draft, by=who.actor, note=given["note"], now=house.now())
    except (BadCondition, BadRule, NoSuchEntry) as error:
        return _form(request, use, old, given, _wrong(request, draft, error))
    return redirect(f"/staff/rules/{use}/{draft.name}")


def _wrong(request: Request, draft: Draft, error: BadCondition | BadRule | NoSuchEntry) -> Fields:
    """What is wrong, at the field where it is."""
    t = texts(request)
    if isinstance(error, BadCondition):
        rest = draft.condition[error.position :][:40] or t("rules.the_end")
        return Fields(condition=t("rules.condition_wrong", at=error.position + 1, rest=rest))
    if not draft.gives:
        return Fields({book.GIVES[draft.use][0]: t("rules.gives_nothing")})
    if isinstance(error, NoSuchEntry):
        return Fields(topic=t("rules.no_such_code"))
    return Fields(name=t("rules.name_wrong"))


def _tried(request: Request, who: Staff, draft: Draft, given: Fields) -> dict[str, Trial]:
    """What the book with this rule in it would have done. Raises as ``book.put`` does."""
    house = services(request)
    now = house.now()
    days = count_of(given["days"])
    start = now - timedelta(days=days if days in SINCE else SINCE[-2])
    with house.database.read() as connection:
        row = book.as_row(connection, draft, by=who.actor, now=now)
        there = rules.rules(connection, draft.use, only_on=True)
        tried = book.compiled(book.with_trial(there, [row]))
        end, unit = now + timedelta(seconds=1), house.deadlines.complaint_unit
        return {
            field: book.try_out(
                connection,
                field,
                tried,
                start=start,
                end=end,
                otherwise=unit if field == "department" else "",
            )
            for field in row.gives
        }


def _form(
    request: Request,
    use: Use,
    old: RuleRow | None,
    given: Fields,
    errors: Fields,
    trials: dict[str, Trial] | None = None,
) -> HTMLResponse:
    with services(request).database.read() as connection:
        names = names_of(request, connection)
        name = old.name if old else given["name"]
        return render(
            request,
            "supervise/rule.html",
            status=422 if errors else 200,
            use=use,
            rule=old,
            given=given,
            errors=errors,
            gives=[(field, _values(connection, names, field)) for field in book.GIVES[use]],
            history=rules.history(connection, use, old.name) if old else [],
            trials=[
                (field, trial, trial.matched[name], _examples(connection, trial, name))
                for field, trial in (trials or {}).items()
            ],
            names=names,
            since=SINCE,
            shown=SHOWN,
        )


def _examples(connection: Connection, trial: Trial, name: str) -> Sequence[str]:
    found = lists.facts_of(connection, trial.examples.get(name, ()))
    return [one["number"] for one in found]


def _values(connection: Connection, names: Names, field: str) -> list[tuple[str, str]]:
    if field == "type":
        return [(code, names("type", code)) for code in TYPES]
    return choices(connection, names, field)


def _rule(request: Request, use: Use, name: str) -> RuleRow:
    with services(request).database.read() as connection:
        found = rules.rule(connection, use, name)
    if found is None:
        raise HTTPException(404)
    return found
