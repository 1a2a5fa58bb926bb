"""The frame of every page in Chromium: axe, colours, keyboard, no script, weight."""

import pytest
from peers.browser import DESK, PHONE, complaints, opened
from peers.server import wait_until
from peers.staff import colleague
from playwright.sync_api import expect

pytestmark = pytest.mark.slow
PAGES = ("/", "/nowhere")


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site, browser, language, scheme) -> None:
    for size in (DESK, PHONE):
        with opened(browser, site.url, language=language, scheme=scheme, size=size) as page:
            for path in PAGES:
                page.goto(path)
                assert complaints(page) == []


def test_language_and_colours_are_chosen_without_script(site, browser) -> None:
    with opened(browser, site.url, script=False) as page:
        page.goto("/")
        for name in ("English", "Dark"):
            with page.expect_navigation():
                page.get_by_role("button", name=name).click()
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("html").get_attribute("data-theme") == "dark"


def test_the_first_stop_of_the_keyboard_leads_to_the_content(site, browser) -> None:
    with opened(browser, site.url) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        there = "document.activeElement.id === 'content'"
        wait_until(lambda: page.evaluate(there), "the focus")


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_the_menu_waits_behind_one_button(site, browser, house, script) -> None:
    cookies = {"session": colleague(house, "supervisor").cookie}
    with opened(browser, site.url, size=PHONE, script=script, cookies=cookies) as page:
        page.goto("/staff/my-day")
        assert page.locator("h1").bounding_box()["y"] < 100
        menu = page.locator("#menu")
        expect(menu).to_be_hidden()
        page.get_by_role("button", name="Menü").press("Enter")
        expect(menu).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(menu.get_by_role("link", name="Canlı pano")).to_be_focused()
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        page.get_by_role("button", name="Menü").click()
        with page.expect_navigation():
            menu.get_by_role("link", name="Başvurular", exact=True).click()
        assert page.url.endswith("/staff/applications")
        expect(menu).to_be_hidden()


def test_the_open_menu_stands_before_axe(site, browser, house) -> None:
    cookies = {"session": colleague(house, "administrator", "supervisor").cookie}
    for scheme in ("light", "dark"):
        with opened(browser, site.url, size=PHONE, scheme=scheme, cookies=cookies) as page:
            page.goto("/staff/account")
            page.get_by_role("button", name="Menü").click()
            assert complaints(page) == []


def test_the_first_view_weighs_less_than_100_kb(site, browser) -> None:
    with opened(browser, site.url) as page:
        sizes: list[int] = []
        page.on("response", lambda one: sizes.append(one.request.sizes()["responseBodySize"]))
        page.goto("/", wait_until="networkidle")
        assert 0 < sum(sizes) < 100_000
