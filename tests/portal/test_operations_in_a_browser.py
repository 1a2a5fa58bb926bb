"""An operator at 3 a.m. sees what is wrong, mends it, and sees on the same page that it is over."""

from datetime import timedelta

import pytest
from peers.browser import opened
from peers.staff import colleague
from peers.world import mail

from ingest.contract import RawItem
from storage import channels, daemons

pytestmark = pytest.mark.slow


@pytest.fixture
def stuck(world, house):
    """A channel that is parked, and everything else alive."""
    world.receive(mail("Hasar dosyam. Cep: 0555 000 12 34", key="1"))
    with house.database.write() as connection:
        for role in ("poll", "work", "pages", "schedule", "serve"):
            daemons.beat(connection, role, role, started_at=house.now(), now=house.now())
        channels.park(
            connection,
            "mail",
            until=house.now() + timedelta(hours=6),
            reason="the mailbox refuses the password",
            remedy="Set a new one, then start the channel.",
            now=house.now(),
        )


def test_a_stuck_channel_is_found_and_mended_and_the_page_follows(
    site, browser, house, stuck
) -> None:
    watching = colleague(house, "auditor")
    acting = colleague(house, "operations")
    with opened(browser, site.url, cookies={"session": watching.cookie}) as wall:
        wall.goto("/staff/operations")
        wall.get_by_text("the mailbox refuses the password").wait_for()
        with opened(browser, site.url, cookies={"session": acting.cookie}) as page:
            page.goto("/staff/operations")
            page.get_by_role("button", name="Şimdi yeniden oku mail").press("Enter")
            page.get_by_role("heading", name="Her şey yolunda").wait_for()
        wall.get_by_role("heading", name="Her şey yolunda").wait_for(timeout=15_000)


def test_quarantine_is_emptied_by_keyboard(site, browser, world, house) -> None:
    world.receive(RawItem("odd", "email", b"half", problem="incomplete: the connection broke"))
    who = colleague(house, "operations")
    with opened(browser, site.url, cookies={"session": who.cookie}) as page:
        page.goto("/staff/quarantine")
        page.get_by_role("checkbox", name="1 numaralı öğeyi seç").press("Space")
        page.once("dialog", lambda question: question.accept())
        page.get_by_role("button", name="Kapat", exact=True).press("Enter")
        page.get_by_text("Karantina boş").wait_for()
    assert world.quarantine() == {}
