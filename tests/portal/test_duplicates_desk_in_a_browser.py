"""The duplicates desk in Chromium: looked at by axe in four looks, and worked by keyboard alone."""

import pytest
from peers.browser import DESK, PHONE, complaints, opened
from peers.staff import colleague
from peers.world import World, mail
from sqlalchemy import update

from storage import pairs
from storage import tables as t

pytestmark = pytest.mark.slow

PATH = "/staff/duplicates"
LOOKS = [
    ("tr", "light", DESK),
    ("tr", "dark", PHONE),
    ("en", "light", PHONE),
    ("en", "dark", DESK),
]
TEXT = (
    "Aracımın hasar dosyası üç haftadır sonuçlanmadı. Eksper raporu tamamlandığı halde ödeme "
    "yapılmadı. Gereğinin yapılmasını rica ederim. Plaka {plate}. Cep: 0555 000 12 34"
)


@pytest.fixture(autouse=True)
def three(world: World) -> None:
    for key, plate in (("1", "34 ABC 123"), ("2", "06 DEF 456"), ("3", "35 GHI 789")):
        world.receive(mail(TEXT.format(plate=plate), key=key))
    with world.database.write() as connection:
        connection.execute(update(t.application).values(department=None))


@pytest.mark.timeout(200)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(site, browser, house) -> None:
    who = colleague(house, "supervisor")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    for language, scheme, size in LOOKS:
        look = {"language": language, "scheme": scheme, "size": size}
        with opened(browser, site.url, **look, cookies={"session": who.cookie}) as page:
            page.goto(PATH)
            if page.locator("[data-key=g]").count():
                page.keyboard.press("g")
                page.locator("[data-key=g]").wait_for(state="detached")
            page.locator("mark").first.wait_for()
            assert complaints(page) == []
            assert not page.evaluate(wide)
            page.keyboard.press("a")
            page.locator("[data-key=z]").wait_for()
            assert complaints(page) == []
            page.keyboard.press("z")
            page.locator("[data-key=z]").wait_for(state="detached")
            page.goto(f"{PATH}/decided")
            assert complaints(page) == []
            assert not page.evaluate(wide)


@pytest.mark.timeout(100)
def test_pairs_are_decided_and_undone_by_single_keys(site, browser, house, world) -> None:
    who = colleague(house, "handler")
    with opened(browser, site.url, cookies={"session": who.cookie}) as page:
        page.goto(PATH)
        first = page.locator("form[action$='/join']").get_attribute("action")
        page.keyboard.press("s")
        page.locator(f"form[action='{first}']").wait_for(state="detached")
        page.keyboard.press("b")
        page.locator("[data-key=z]").wait_for()
        with world.database.read() as connection:
            [joined] = pairs.decided(connection)
        assert joined["state"] == "joined"
        assert page.evaluate("document.activeElement.tagName") == "H1"
        page.keyboard.press("z")
        page.locator("[data-key=z]").wait_for(state="detached")
        with world.database.read() as connection:
            assert pairs.decided(connection) == []
        assert page.locator(f"form[action='{PATH}/{joined['id']}/join']").count() == 1
        page.keyboard.press("1")
        page.wait_for_url("**/staff/applications/*")


def test_the_desk_works_without_script(site, browser, house, world) -> None:
    who = colleague(house, "handler")
    with opened(browser, site.url, script=False, cookies={"session": who.cookie}) as page:
        page.goto(PATH)
        page.locator("form[action$='/apart'] button").click()
        page.locator("form[action$='/undo'] button").wait_for()
    with world.database.read() as connection:
        assert [one["state"] for one in pairs.decided(connection)] == ["apart"]
