"""An agent in a call: no mouse, under a minute, the number before the call ends."""

import pytest
from peers.browser import DESK, PHONE, complaints, opened, shoot
from peers.staff import colleague
from playwright.sync_api import expect
from starlette.testclient import TestClient

from portal.app import make_app

pytestmark = pytest.mark.slow
PICTURES = "public"
BEARER = {"authorization": "Bearer call secret"}


@pytest.fixture
def world(sqlite, tmp_path, now):
    from peers.world import World

    return World(sqlite, tmp_path, now)


@pytest.fixture
def pbx(house):
    client = TestClient(make_app(house))

    def tell(event, call_id="c1", **more):
        said = {"event": event, "call_id": call_id} | more
        assert client.post("/hooks/calls/phone", json=said, headers=BEARER).status_code == 204

    return tell


@pytest.fixture
def session(house):
    return {"session": colleague(house, "handler", login="ayse").cookie}


def write_down(page, text):
    """By keyboard alone, from the name on: the number came with the call."""
    page.keyboard.type("Deneme Kişi")
    page.keyboard.press("Tab")
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def test_a_ringing_call_opens_the_screen_and_is_recorded_without_a_mouse(
    browser, site, world, pbx, session
):
    with opened(browser, site.url, cookies=session) as page:
        page.goto("/staff/phone")
        expect(page.locator("#phone")).to_be_focused()
        pbx("ring", **{"from": "05550001234"})
        page.wait_for_url("**/staff/phone?call=*")
        expect(page.locator("#phone")).to_have_value("+905550001234")
        expect(page.locator("#name")).to_be_focused()
        pbx("answer", agent="ayse")
        write_down(page, "Çekici iki saattir gelmedi, otoyolda bekliyorum.")
        number = page.locator("#number").inner_text()
        shoot(page, PICTURES, "phone-number", whole=True)
        world.drain()
        assert number in world.gateway.taken[0].text
        pbx("end", recording="kayit/c1.wav")
        page.keyboard.press("n")
        page.wait_for_url("**/staff/phone")
        pbx("ring", "c2", **{"from": "05550001234"})
        page.wait_for_url("**/staff/phone?call=*")
        expect(page.locator("#caller")).to_contain_text(number)
        shoot(page, PICTURES, "phone-desk", whole=True)
        write_down(page, "Aynı konuda yeniden aradı, çekici hâlâ yok.")
        page.wait_for_url("**/recorded/**")
    assert [one["channel"] for one in world.applications()] == ["phone"] * 2


def test_the_second_call_joins_by_one_key(browser, site, world, pbx, session):
    with opened(browser, site.url, cookies=session) as page:
        page.goto("/staff/phone")
        page.fill("#phone", "0555 000 12 34")
        page.locator("#name").focus()
        write_down(page, "Çekici iki saattir gelmedi, otoyolda bekliyorum.")
        page.keyboard.press("n")
        page.wait_for_url("**/staff/phone")
        page.fill("#phone", "0555 000 12 34")
        page.locator("#name").focus()
        page.locator("[data-join='1']").wait_for()
        page.keyboard.press("Alt+1")
        write_down(page, "Bambaşka sözlerle anlattığı ek bilgiler.")
        expect(page.locator(".number-card")).to_contain_text("bu başvuruya eklendi")
    [application] = world.applications()
    assert application["message_count"] == 2


def test_a_browser_that_dies_loses_nothing(browser, site, world, session):
    with opened(browser, site.url, cookies=session) as page:
        page.goto("/staff/phone")
        page.locator("#text").press_sequentially("Yarım kalan cümle")
        expect(page.locator("#kept")).to_contain_text("saklandı")
    with opened(browser, site.url, cookies=session) as page:
        page.goto("/staff/phone")
        expect(page.locator("#text")).to_have_value("Yarım kalan cümle")


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_desk(browser, site, world, pbx, session, house, language, scheme):
    pbx("ring", "m1", **{"from": "05550007788"})
    pbx("failed", "m1")
    for size in (DESK, PHONE):
        with opened(
            browser, site.url, language=language, scheme=scheme, size=size, cookies=session
        ) as page:
            page.goto("/staff/phone")
            assert complaints(page) == []
            with page.expect_navigation():
                page.keyboard.press("Control+Enter")
            page.locator("#errors").wait_for()
            assert complaints(page) == []
            page.fill("#phone", "0555 000 12 34")
            page.fill("#text", "Çekici iki saattir gelmedi, bekliyorum.")
            with page.expect_navigation():
                page.keyboard.press("Control+Enter")
            page.locator("#number").wait_for()
            assert complaints(page) == []
            page.goto("/staff/phone/call-backs")
            assert complaints(page) == []
            if (language, scheme, size) == ("tr", "light", DESK):
                shoot(page, PICTURES, "phone-call-backs", whole=True)
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(wide)
