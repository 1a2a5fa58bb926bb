"""Who may open what: every route for every role. A route that is not in the table fails.

The table says which roles get in; everybody else is turned away. ``ALL`` are open routes, ``STAFF``
whoever is signed in.
"""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from peers.staff import client_of, colleague

from cases.rights import RIGHTS, Right, Role, rights_of
from portal.web.guard import Guard

H, S, O, A, D = Role.HANDLER, Role.SUPERVISOR, Role.OPERATIONS, Role.AUDITOR, Role.ADMINISTRATOR  # noqa: E741
ALL: frozenset[Role] = frozenset()
STAFF = frozenset(Role)

TABLE: dict[str, frozenset[Role]] = {
    # programs
    "GET /healthz": ALL,
    "GET /readyz": ALL,
    "GET /static/{path:path}": ALL,
    "GET /hooks/channel/{account}": ALL,
    "POST /hooks/channel/{account}": ALL,
    "GET /hooks/sms/{gateway}/{reference}/{signature}": ALL,
    "POST /hooks/sms/{gateway}/{reference}/{signature}": ALL,
    "GET /hooks/sms/{gateway}/{signature}": ALL,
    "POST /hooks/sms/{gateway}/{signature}": ALL,
    # the public
    "GET /": ALL,
    "POST /preferences": ALL,
    "GET /apply": ALL,
    "POST /apply": ALL,
    "GET /apply/puzzle": ALL,
    "GET /apply/received/{key}": ALL,
    "POST /uploads": ALL,
    "PATCH /uploads/{token}": ALL,
    "DELETE /uploads/{token}": ALL,
    "GET /status": ALL,
    "POST /status": ALL,
    "GET /status/code": ALL,
    "POST /status/code": ALL,
    "POST /status/leave": ALL,
    "GET /status/application": ALL,
    "POST /status/application/message": ALL,
    "POST /status/application/verdict": ALL,
    "GET /iletisim/{token}": ALL,
    "POST /iletisim/{token}": ALL,
    "GET /anket/{token}": ALL,
    "POST /anket/{token}": ALL,
    "GET /how-to-apply": ALL,
    "GET /privacy-notice": ALL,
    # the company's own programs, by key
    "GET /api/v1/openapi.json": ALL,
    "POST /api/v1/files": ALL,
    "POST /api/v1/applications": ALL,
    "GET /api/v1/applications/{number}": ALL,
    "POST /api/v1/applications/{number}/messages": ALL,
    "GET /api/v1/receipts/{key}": ALL,
    # the telephone system, by secret
    "POST /hooks/calls/{account}": ALL,
    # signing in
    "GET /staff/sign-in": ALL,
    "POST /staff/sign-in": ALL,
    "POST /staff/sign-in/code": ALL,
    "GET /staff/sign-in/provider": ALL,
    "GET /staff/sign-in/returned": ALL,
    "GET /staff/invitation/{secret}": ALL,
    "POST /staff/invitation/{secret}": ALL,
    # the own account
    "POST /staff/sign-out": STAFF,
    "GET /staff/account": STAFF,
    "POST /staff/account/password": STAFF,
    "POST /staff/account/sessions/end": STAFF,
    "POST /staff/account/codes": STAFF,
    "POST /staff/account/codes/confirm": STAFF,
    "POST /staff/account/codes/remove": STAFF,
    # staff
    "GET /staff": STAFF,
    "GET /staff/my-day": frozenset({H, S}),
    "GET /staff/reading": frozenset({H, S}),
    "GET /staff/reading/{number}/{message_id}/{page}": frozenset({H, S}),
    "POST /staff/reading/{number}/{message_id}/{page}": frozenset({H, S}),
    "GET /staff/reading/{number}/{message_id}/{page}/picture": frozenset({H, S}),
    "GET /staff/wall": STAFF,
    "GET /staff/live": STAFF,
    "GET /staff/applications": frozenset({H, S, A}),
    "POST /staff/applications/search": frozenset({H, S, A}),
    "POST /staff/applications/assign": frozenset({H, S}),
    "POST /staff/applications/filters": frozenset({H, S, A}),
    "POST /staff/applications/filters/{filter_id}/drop": frozenset({H, S, A}),
    # the page of an application
    "GET /staff/applications/{number}": frozenset({H, S, A}),
    "POST /staff/applications/{number}/reveal": frozenset({H, S}),
    "POST /staff/applications/{number}/preview": frozenset({H, S}),
    "POST /staff/applications/{number}/acts/{act}": frozenset({H, S}),
    "POST /staff/applications/{number}/decisions/{act}": frozenset({S}),
    "POST /staff/applications/{number}/consultations/{consultation_id}": frozenset({H, S, A}),
    "GET /staff/applications/{number}/messages/{message_id}/pages/{page}": frozenset({H, S}),
    "GET /staff/applications/{number}/messages/{message_id}/files/{position}": frozenset({H, S}),
    "GET /staff/applications/{number}/messages/{message_id}/files/{position}/pages/{page}": (
        frozenset({H, S})
    ),
    # duplicates desk
    "GET /staff/duplicates": frozenset({H, S}),
    "GET /staff/duplicates/decided": frozenset({H, S}),
    "GET /staff/duplicates/{pair_id}": frozenset({H, S}),
    "POST /staff/duplicates/{pair_id}/reveal": frozenset({H, S}),
    "POST /staff/duplicates/{pair_id}/{decision}": frozenset({H, S}),
    # phone desk
    "GET /staff/phone": frozenset({H, S}),
    "POST /staff/phone": frozenset({H, S}),
    "GET /staff/phone/live": frozenset({H, S}),
    "POST /staff/phone/caller": frozenset({H, S}),
    "POST /staff/phone/draft": frozenset({H, S}),
    "POST /staff/phone/draft/drop": frozenset({H, S}),
    "GET /staff/phone/recorded/{key}": frozenset({H, S}),
    "GET /staff/phone/call-backs": frozenset({H, S}),
    "POST /staff/phone/call-backs/{task_id}/done": frozenset({H, S}),
    # operations
    "GET /metrics": ALL,
    "GET /staff/operations": frozenset({O, A, D}),
    "GET /staff/operations/live": frozenset({O, A, D}),
    "POST /staff/operations/channels/{name}/start": frozenset({O}),
    "POST /staff/operations/channels/{name}/stop": frozenset({O}),
    "POST /staff/operations/channels/{name}/park": frozenset({O}),
    "POST /staff/operations/maintenance/begin": frozenset({O}),
    "POST /staff/operations/maintenance/end": frozenset({O}),
    "GET /staff/quarantine": frozenset({O, A, D}),
    "GET /staff/quarantine/{item_id}": frozenset({O}),
    "POST /staff/quarantine/replay": frozenset({O}),
    "POST /staff/quarantine/discard": frozenset({O}),
    "POST /staff/quarantine/{item_id}/mend": frozenset({O}),
    "GET /staff/queues": frozenset({O, A, D}),
    "POST /staff/queues/{queue}/requeue": frozenset({O}),
    "POST /staff/queues/{queue}/purge": frozenset({O}),
    # reports
    "GET /staff/reports": frozenset({S, A}),
    "POST /staff/reports/make": frozenset({S, A}),
    "GET /staff/reports/{report_id}": frozenset({S, A}),
    "GET /staff/reports/{report_id}/charts/{name}": frozenset({S, A}),
    "GET /staff/reports/{report_id}/files/{form}": frozenset({S, A}),
    "GET /staff/reports/behind": frozenset({S, A}),
    "POST /staff/reports/behind/file": frozenset({S}),
    "GET /staff/reports/query": frozenset({S, A}),
    "POST /staff/reports/query/file": frozenset({S}),
    "POST /staff/reports/query/save": frozenset({S, D}),
    "POST /staff/reports/query/drop": frozenset({S, D}),
    "GET /staff/reports/policies": frozenset({S, A}),
    "POST /staff/reports/policies": frozenset({S, D}),
    "GET /staff/reports/sample": frozenset({S, A}),
    "POST /staff/reports/sample/file": frozenset({S}),
    "GET /staff/reports/exports": frozenset({S, A}),
    "GET /staff/reports/surveys": frozenset({S, A}),
    # rules, texts, calendar
    "GET /staff/rules": frozenset({S, D}),
    "GET /staff/rules/{use}": frozenset({S, D}),
    "GET /staff/rules/{use}/new": frozenset({S, D}),
    "POST /staff/rules/{use}/new": frozenset({S, D}),
    "GET /staff/rules/{use}/{name}": frozenset({S, D}),
    "POST /staff/rules/{use}/{name}": frozenset({S, D}),
    "POST /staff/rules/{use}/{name}/{state}": frozenset({S, D}),
    "GET /staff/rules/accuracy": frozenset({S, D}),
    "GET /staff/rules/approval": frozenset({S, D}),
    "POST /staff/rules/approval": frozenset({S, D}),
    "POST /staff/rules/approval/{rule_id}/end": frozenset({S, D}),
    "GET /staff/rules/deadlines": frozenset({S, D}),
    "GET /staff/rules/deadlines/{name}": frozenset({S, D}),
    "POST /staff/rules/deadlines/{name}": frozenset({S, D}),
    "POST /staff/rules/deadlines/{name}/end": frozenset({S, D}),
    "GET /staff/taxonomy": frozenset({S, D}),
    "GET /staff/taxonomy/{kind}": frozenset({S, D}),
    "POST /staff/taxonomy/{kind}": frozenset({S, D}),
    "POST /staff/taxonomy/{kind}/retire": frozenset({S, D}),
    "GET /staff/texts": frozenset({S, D}),
    "GET /staff/texts/{code}/{medium}/{language}": frozenset({S, D}),
    "POST /staff/texts/{code}/{medium}/{language}": frozenset({S, D}),
    "POST /staff/texts/{code}/{medium}/{language}/restore": frozenset({S, D}),
    "GET /staff/calendar": frozenset({S, D}),
    "POST /staff/calendar/day": frozenset({S, D}),
    "POST /staff/calendar/year": frozenset({S, D}),
    # the day, actions, letters, duties
    "GET /staff/day": frozenset({H, S, A}),
    "POST /staff/day/seen": frozenset({H, S}),
    "GET /staff/actions": frozenset({H, S, A}),
    "GET /staff/actions/pareto": frozenset({H, S, A}),
    "GET /staff/actions/new": frozenset({H, S}),
    "POST /staff/actions/new": frozenset({H, S}),
    "GET /staff/actions/{action_id}": frozenset({H, S, A}),
    "POST /staff/actions/{action_id}/{step}": frozenset({H, S}),
    "POST /staff/actions/{action_id}/verdict/{verdict}": frozenset({S}),
    "GET /staff/letters": frozenset({H, S}),
    "GET /staff/letters/{outbox_id}/pdf": frozenset({H, S}),
    "POST /staff/letters/{outbox_id}/{step}": frozenset({H, S}),
    "GET /staff/duties": frozenset({H, S}),
    "POST /staff/duties/{number}/{state}": frozenset({H, S}),
    # who is away, who must not decide, outside proceedings, data protection
    "GET /staff/absences": frozenset({H, S}),
    "POST /staff/absences": frozenset({H, S}),
    "POST /staff/absences/{absence_id}/drop": frozenset({H, S}),
    "GET /staff/conflicts": frozenset({S}),
    "POST /staff/conflicts": frozenset({S}),
    "GET /staff/proceedings": frozenset({H, S, A}),
    "POST /staff/proceedings": frozenset({H, S}),
    "POST /staff/proceedings/{proceeding_id}/end": frozenset({H, S}),
    "GET /staff/data-protection": frozenset({S, A}),
    "POST /staff/data-protection": frozenset({S}),
    "POST /staff/data-protection/{application_id}/{act}": frozenset({S}),
    # administration
    "GET /staff/people": frozenset({D}),
    "GET /staff/people/new": frozenset({D}),
    "POST /staff/people/new": frozenset({D}),
    "GET /staff/people/{staff_id}": frozenset({D}),
    "POST /staff/people/{staff_id}": frozenset({D}),
    "POST /staff/people/{staff_id}/disable": frozenset({D}),
    "POST /staff/people/{staff_id}/enable": frozenset({D}),
    "POST /staff/people/{staff_id}/reset": frozenset({D}),
    "GET /staff/departments": frozenset({D}),
    "GET /staff/departments/new": frozenset({D}),
    "POST /staff/departments/new": frozenset({D}),
    "GET /staff/departments/{code}": frozenset({D}),
    "POST /staff/departments/{code}": frozenset({D}),
    "POST /staff/departments/{code}/close": frozenset({D}),
    "POST /staff/departments/{code}/open": frozenset({D}),
    "GET /staff/records": frozenset({A}),
    "POST /staff/records/check": frozenset({A}),
}

WITHOUT_END = {
    "POST /staff/sign-out",  # ends the session that the next one of the walk needs
    "POST /staff/account/sessions/end",
    "GET /staff/live",  # goes on
    "GET /staff/operations/live",  # goes on; its door is tried by itself
}


def routes(app: FastAPI) -> Iterator[tuple[str, APIRoute]]:
    for found in iter_route_contexts(app.routes):
        route = found.original_route
        assert isinstance(route, APIRoute), f"{route} is no plain route: this walk cannot see it"
        for method in sorted(route.methods - {"HEAD"}):
            yield f"{method} {found.path}", route


def guards(route: APIRoute) -> list[Guard]:
    found, left = [], list(route.dependant.dependencies)
    while left:
        one = left.pop()
        left += one.dependencies
        if isinstance(one.call, Guard):
            found.append(one.call)
    return found


def test_every_route_is_in_the_table_and_the_table_names_no_other(portal) -> None:
    assert {name for name, _ in routes(portal.app)} == TABLE.keys()


def test_only_open_routes_have_no_guard(portal) -> None:
    for name, route in routes(portal.app):
        assert bool(guards(route)) == bool(TABLE[name]), name


@pytest.mark.parametrize("role", [None, *Role])
def test_every_route_for_every_role(portal, house, role) -> None:
    """Nobody is sent to sign in, who may not gets 403, and whoever may gets anything else."""
    house.limiter.check = lambda *_: None
    for name, allowed in TABLE.items():
        if not allowed or name in WITHOUT_END:
            continue
        who = colleague(house, role) if role else None
        method, path = name.split(" ", 1)
        path = re.sub(r"\{staff_id\}|\{\w*id\}", "999", path)
        path = re.sub(r"\{[^}]+\}", "x", path)
        answer = client_of(portal, who).request(method, path)
        if role is None:
            assert answer.headers.get("location", "").startswith("/staff/sign-in"), name
        else:
            assert (answer.status_code == 403) == (role not in allowed), name


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_change_without_the_sessions_token_is_refused(portal, house, token) -> None:
    client = client_of(portal, colleague(house, "administrator"))
    client.headers["X-CSRF-Token"] = token
    for name, allowed in TABLE.items():
        if allowed and name.startswith("POST"):
            path = re.sub(r"\{[^}]+\}", "1", name.removeprefix("POST "))
            assert client.post(path).status_code == 403, name


def test_rights_are_given_by_roles_and_unknown_roles_give_none() -> None:
    assert rights_of(["handler", "no-such"]) == RIGHTS[Role.HANDLER]
    assert rights_of([]) == frozenset()
    assert rights_of(Role) == frozenset(Right)


def test_who_makes_accounts_reads_no_application() -> None:
    assert not RIGHTS[Role.ADMINISTRATOR] & {Right.SEE_APPLICATIONS, Right.REVEAL, Right.SEE_RAW}
    assert not RIGHTS[Role.AUDITOR] & {Right.HANDLE, Right.REVEAL, Right.RUN_OPERATIONS}
