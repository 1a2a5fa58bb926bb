"""The list by keyboard alone."""

import pytest
from peers.browser import opened
from peers.staff import colleague
from peers.world import mail

from storage.engine import Database

pytestmark = pytest.mark.slow


@pytest.fixture
def database(sqlite: Database) -> Database:
    return sqlite


@pytest.fixture
def page(world, house, site, browser):
    for number in range(4):
        world.receive(mail(f"Çekici gelmedi, konu {number}.", key=str(number)))
    cookies = {"session": colleague(house, "supervisor").cookie}
    with opened(browser, site.url, cookies=cookies) as one:
        one.goto("/staff/applications")
        yield one


def test_rows_are_walked_chosen_and_given_without_a_mouse(page) -> None:
    focused = "document.activeElement.closest('tr')?.rowIndex"
    for key, row in (("j", 1), ("j", 2), ("j", 3), ("k", 2)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == row
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.id") == "to"
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("2 başvuru atandı.").wait_for()
    assert page.get_by_text("Deneme supervisor").count() >= 2


def test_a_search_begins_with_a_slash_and_enter_opens_the_row(page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("konu 3")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="1 başvuru").wait_for()
    assert "konu" not in page.url
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/applications/*")
