"""Every page in Chromium: axe in both languages and both colour schemes, on a desk and a phone.

A page that is not in ``PAGES`` fails: whoever adds a page adds a line, with data that fills it.
"""

from datetime import date

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from peers.browser import DESK, PHONE, complaints, opened
from peers.staff import colleague
from peers.world import mail

from cases.answers import keeping, proceedings
from cases.causes import service as causes
from cases.causes.service import NewImprovement
from cases.reports import making, periods
from cases.routing import service as routing
from ingest.contract import RawItem
from storage import taxonomy, viewlog
from storage.viewlog import View

pytestmark = pytest.mark.slow
DAY, DUE = date(2026, 3, 10), date(2026, 4, 1)

PAGES = {
    # path: the role that opens it, "" for everybody
    "/": "",
    "/nowhere": "",
    "/staff/sign-in": "",
    "/staff": "handler",
    "/staff/wall": "operations",
    "/staff/my-day": "supervisor",
    "/staff/reading": "handler",
    "/staff/applications": "handler",
    "/staff/duplicates": "supervisor",
    "/staff/duplicates/decided": "supervisor",
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
    "/staff/rules/suggest/new": "administrator",
    "/staff/rules/accuracy": "supervisor",
    "/staff/rules/approval": "supervisor",
    "/staff/rules/deadlines": "supervisor",
    "/staff/rules/deadlines/insurer-15": "supervisor",
    "/staff/taxonomy/topic": "supervisor",
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
ELSEWHERE = {"/apply", "/status", "/status/code", "/how-to-apply", "/privacy-notice"} | {
    "/status/application",
    "/staff/phone",
    "/staff/phone/call-backs",
}
"""Looked at in tests/public, with what they need."""
NO_PAGES = ELSEWHERE | {"/staff/live", "/staff/phone/live", "/apply/puzzle", "/api/v1/openapi.json"}
NO_PAGES |= {"/healthz", "/readyz", "/staff/sign-in/provider", "/staff/sign-in/returned"}
NO_PAGES |= {"/metrics", "/staff/operations/live"}
NO_PAGES |= {"/staff/rules", "/staff/taxonomy", "/staff/actions/pareto", "/staff/reports/behind"}
"""What programs read, and what only leads elsewhere."""


@pytest.fixture
def filled(world, house):
    """Something of everything that pages show."""
    for number in range(3):
        world.receive(mail(f"Hasar dosyam {number}. Cep: 0555 000 12 34", key=str(number)))
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
    making.make(
        house.database, "daily", periods.containing("day", DAY), by="system", now=house.now()
    )


def test_every_page_is_looked_at(portal) -> None:
    found = {
        one.path
        for one in iter_route_contexts(portal.app.routes)
        if isinstance(one.original_route, APIRoute) and "GET" in one.original_route.methods
    }
    plain = {path for path in found if path and "{" not in path}
    assert plain - NO_PAGES - PAGES.keys() == set()


LOOKS = [
    ("tr", "light", DESK),
    ("tr", "dark", DESK),
    ("en", "light", DESK),
    ("en", "dark", DESK),
    ("tr", "light", PHONE),
    ("en", "dark", PHONE),
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_axe_finds_nothing(site, browser, house, filled, language, scheme, size) -> None:
    found: dict[str, list[str]] = {}
    look = {"language": language, "scheme": scheme, "size": size}
    for path, role in PAGES.items():
        cookies = {"session": colleague(house, role).cookie} if role else {}
        with opened(browser, site.url, **look, cookies=cookies) as page:
            page.goto(path)
            assert page.url == site.url + path
            found[path] = complaints(page)
    assert {where: what for where, what in found.items() if what} == {}


def test_no_page_scrolls_sideways_on_a_phone(site, browser, house, filled) -> None:
    for path, role in PAGES.items():
        cookies = {"session": colleague(house, role).cookie} if role else {}
        with opened(browser, site.url, size=PHONE, cookies=cookies) as page:
            page.goto(path)
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(wide), path
