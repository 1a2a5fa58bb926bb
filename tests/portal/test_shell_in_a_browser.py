"""The frame of every page in Chromium: axe, colours, keyboard, no script, weight."""

import pytest
from peers.browser import DESK, PHONE, complaints, opened

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
        page.get_by_role("button", name="English").click()
        page.get_by_role("button", name="Dark").click()
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("html").get_attribute("data-theme") == "dark"


def test_the_first_stop_of_the_keyboard_leads_to_the_content(site, browser) -> None:
    with opened(browser, site.url) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


def test_the_first_view_weighs_less_than_100_kb(site, browser) -> None:
    with opened(browser, site.url) as page:
        sizes: list[int] = []
        page.on("response", lambda one: sizes.append(one.request.sizes()["responseBodySize"]))
        page.goto("/", wait_until="networkidle")
        assert 0 < sum(sizes) < 100_000
