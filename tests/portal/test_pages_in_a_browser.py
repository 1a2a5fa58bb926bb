"""Every page in Chromium: axe in both languages and both colour schemes, on a desk and a phone.

A page that is not in ``PAGES`` fails: whoever adds a page adds a line, with data that fills it.
"""

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from peers.browser import DESK, PHONE, complaints, opened
from peers.staff import colleague
from peers.world import mail

from ingest.contract import RawItem
from storage import viewlog
from storage.viewlog import View

pytestmark = pytest.mark.slow

PAGES = {
    # path: the role that opens it, "" for everybody
    "/": "",
    "/nowhere": "",
    "/staff/sign-in": "",
    "/staff": "handler",
    "/staff/wall": "operations",
    "/staff/applications": "handler",
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
"""What programs read, and what only leads elsewhere."""


@pytest.fixture
def filled(world, house):
    """Something of everything that pages show."""
    for number in range(3):
        world.receive(mail(f"Hasar dosyam {number}. Cep: 0555 000 12 34", key=str(number)))
    world.receive(RawItem("odd", "no-such-kind", b"\0\1\2"))
    with house.database.write() as connection:
        viewlog.append(connection, View("deneme", "viewed", 1, reason="Geri arama"), house.now())


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
