"""Every page in Chromium: axe in both languages and both colour schemes, on a desk and a phone.

A page that no line of ``PAGES`` leads to fails: whoever adds a page adds a line, with data that
fills it.
"""

from dataclasses import replace
from datetime import date

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from peers.answering import an_application, answer, outbox
from peers.browser import DESK, PHONE, complaints, opened
from peers.staff import colleague
from peers.world import mail
from starlette.routing import compile_path

from cases import contact_links
from cases.answers import closing, keeping, proceedings, surveys
from cases.answers.closing import Closing
from cases.causes import service as causes
from cases.causes.service import NewImprovement
from cases.reports import making, periods
from cases.routing import service as routing
from ingest.contract import RawItem
from storage import invitations, taxonomy, viewlog
from storage.engine import Database
from storage.viewlog import View

pytestmark = pytest.mark.slow
DAY, DUE = date(2026, 3, 10), date(2026, 4, 1)

PAGES = {
    # path: the role that opens it, "" for everybody; {blanks}: what ``filled`` made
    "/": "",
    "/nowhere": "",
    "/iletisim/{contact}": "",
    "/anket/{survey}": "",
    "/staff/invitation/{invitation}": "",
    "/staff/sign-in": "",
    "/staff": "handler",
    "/staff/wall": "operations",
    "/staff/my-day": "supervisor",
    "/staff/reading": "handler",
    "/staff/applications": "handler",
    "/staff/applications/{number}": "supervisor",
    "/staff/duplicates": "supervisor",
    "/staff/duplicates/decided": "supervisor",
    "/staff/duplicates/1": "supervisor",
    "/staff/account": "handler",
    "/staff/operations": "operations",
    "/staff/quarantine": "operations",
    "/staff/quarantine/1": "operations",
    "/staff/queues": "operations",
    "/staff/people": "administrator",
    "/staff/people/new": "administrator",
    "/staff/people/1": "administrator",
    "/staff/departments": "administrator",
    "/staff/departments/new": "administrator",
    "/staff/departments/hukuk": "administrator",
    "/staff/records": "auditor",
    "/staff/reports": "supervisor",
    "/staff/reports/1": "auditor",
    "/staff/reports/query": "supervisor",
    "/staff/reports/policies": "supervisor",
    "/staff/reports/sample": "supervisor",
    "/staff/reports/surveys": "supervisor",
    "/staff/reports/exports": "auditor",
    "/staff/rules/route": "supervisor",
    "/staff/rules/suggest": "supervisor",
    "/staff/rules/suggest/new": "administrator",
    "/staff/rules/suggest/complaint": "supervisor",
    "/staff/rules/accuracy": "supervisor",
    "/staff/rules/approval": "supervisor",
    "/staff/rules/deadlines": "supervisor",
    "/staff/rules/deadlines/insurer-15": "supervisor",
    "/staff/taxonomy/topic": "supervisor",
    "/staff/taxonomy/cause": "supervisor",
    "/staff/texts": "supervisor",
    "/staff/texts/decision/written/tr": "administrator",
    "/staff/calendar": "administrator",
    "/staff/day": "handler",
    "/staff/actions": "handler",
    "/staff/actions/new": "supervisor",
    "/staff/actions/1": "supervisor",
    "/staff/letters": "handler",
    "/staff/duties": "handler",
    "/staff/absences": "supervisor",
    "/staff/conflicts": "supervisor",
    "/staff/proceedings": "handler",
    "/staff/data-protection": "supervisor",
}
ELSEWHERE = {
    "/apply",
    "/apply/received/{key}",
    "/status",
    "/status/code",
    "/how-to-apply",
    "/privacy-notice",
    "/status/application",
    "/staff/phone",
    "/staff/phone/call-backs",
    "/staff/phone/recorded/{key}",
}
"""Looked at in tests/public, with what they need."""
LEADING = {
    "/staff/sign-in/provider",
    "/staff/sign-in/returned",
    "/staff/rules",
    "/staff/taxonomy",
    "/staff/actions/pareto",
    "/staff/reports/behind",
}
"""What only leads elsewhere."""
NO_PAGES = LEADING | {
    "/healthz",
    "/readyz",
    "/metrics",
    "/static/{path:path}",
    "/apply/puzzle",
    "/staff/live",
    "/staff/phone/live",
    "/staff/operations/live",
    "/staff/reading/{number}/{message_id}/{page}/picture",
    "/staff/reports/{report_id}/charts/{name}",
    "/staff/reports/{report_id}/files/{form}",
    "/staff/letters/{outbox_id}/pdf",
    "/staff/applications/{number}/messages/{message_id}/pages/{page}",
    "/staff/applications/{number}/messages/{message_id}/files/{position}",
    "/staff/applications/{number}/messages/{message_id}/files/{position}/pages/{page}",
}
"""Pictures, files, streams, and what programs read (``/api``, ``/hooks``)."""
READ = "/staff/reading/{number}/{message_id}/{page}"
"""The reading desk with a certain page: looked at in test_reading_desk_in_a_browser."""


@pytest.fixture
def database(sqlite: Database) -> Database:
    """One is enough here: what rows do is tested elsewhere on both."""
    return sqlite


@pytest.fixture
def filled(world, house):
    """Something of everything that pages show. Returns what stands in the blanks of paths."""
    asked = surveyed(world)
    for number in range(3):
        text = f"Aracımın hasar dosyası sonuçlanmadı, plaka 34 ABC 12{number}. Cep: 0555 000 12 34"
        world.receive(mail(text, key=f"p{number}"))
    world.receive(RawItem("odd", "no-such-kind", b"\0\1\2"))
    with house.database.write() as connection:
        viewlog.append(connection, View("deneme", "viewed", 1, reason="Geri arama"), house.now())
        cause = taxonomy.entries(connection, "cause")[0].code
        action = NewImprovement(
            "corrective", "Süreyi kısalt", "hukuk", "x", DUE, cause, sources=[1]
        )
        causes.open_(connection, action, by="staff:x", now=house.now())
        proceedings.open_proceeding(
            connection, 1, "court", "2026/0", DAY, by="staff:x", now=house.now()
        )
        keeping.restrict(connection, 2, "istek", by="staff:x", now=house.now())
        routing.bar(connection, 3, "x", "Şikâyet edilen", by="staff:x", now=house.now())
        routing.away(connection, "x", DUE, DUE, deputy=None, by="staff:x", now=house.now())
        contact = contact_links.issue(connection, 1, None, house.now()).token
        invitation = invitations.invite_first(connection, house.now()).rpartition("/")[2]
    making.make(
        house.database, "daily", periods.containing("day", DAY), by="system", now=house.now()
    )
    number = world.applications()[0]["number"]
    return {"contact": contact, "invitation": invitation, "number": number, "survey": asked}


def surveyed(world) -> str:
    """The token of a survey that somebody was sent."""
    one = an_application(world)
    answer(world, one)
    asking = replace(world.tools.office, survey=True)
    with world.database.write() as connection:
        closing.close(connection, one, Closing("accepted"), by="staff:x", now=world.moment)
        surveys.invite(connection, one, asking, world.moment)
    [row] = [row for purpose, row in outbox(world, one).items() if purpose.startswith("survey")]
    return row["text"].partition("/anket/")[2].split()[0]


def test_every_page_is_looked_at(portal) -> None:
    """Each line counts for the first route that takes it, as the router decides."""
    found = [
        one.path
        for one in iter_route_contexts(portal.app.routes)
        if isinstance(one.original_route, APIRoute) and "GET" in one.original_route.methods
    ]
    pages = [path for path in dict.fromkeys(found) if not path.startswith(("/api/", "/hooks/"))]
    seen = {
        next((page for page in pages if compile_path(page)[0].match(path)), "") for path in PAGES
    }
    assert set(pages) - seen - NO_PAGES - ELSEWHERE - {READ} == set()
    assert (NO_PAGES | ELSEWHERE | {READ}) - set(pages) == {"/metrics"} - set(pages)


LOOKS = [
    ("tr", "light", DESK),
    ("tr", "dark", DESK),
    ("en", "light", DESK),
    ("en", "dark", DESK),
    ("tr", "light", PHONE),
    ("en", "dark", PHONE),
]


def addresses(made):
    """Each page, as (path, role)."""
    return [(path.format_map(made), role) for path, role in PAGES.items()]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_axe_finds_nothing(site, browser, house, filled, language, scheme, size) -> None:
    found: dict[str, list[str]] = {}
    look = {"language": language, "scheme": scheme, "size": size}
    for path, role in addresses(filled):
        cookies = {"session": colleague(house, role).cookie} if role else {}
        with opened(browser, site.url, **look, cookies=cookies) as page:
            page.goto(path)
            assert page.url == site.url + path
            found[path] = complaints(page)
    assert {where: what for where, what in found.items() if what} == {}


def test_no_page_scrolls_sideways_on_a_phone(site, browser, house, filled) -> None:
    for path, role in addresses(filled):
        cookies = {"session": colleague(house, role).cookie} if role else {}
        with opened(browser, site.url, size=PHONE, cookies=cookies) as page:
            page.goto(path)
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(wide), path
