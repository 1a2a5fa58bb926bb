"""A thousand applications in a minute: the board follows, and nobody's page slows down."""

import threading
import time
from statistics import quantiles
from urllib.request import Request, urlopen

import pytest
from peers.browser import opened
from peers.staff import colleague
from peers.world import mail

from storage.engine import Database

pytestmark = pytest.mark.slow
COUNT, BATCH = 1_000, 50
PATHS = ("/staff", "/staff/applications")


@pytest.fixture
def database(postgres, empty_postgres):
    one = Database(postgres.new_database(empty_postgres))
    yield one
    one.close()


def letters(start: int):
    return [
        mail(
            f"Konu {n}: hasar dosyası {n * 7919}, ödeme bekliyorum {n}.",
            key=str(n),
            sender=f"Deneme <d{n}@example.test>",
        )
        for n in range(start, start + BATCH)
    ]


def arrive(world) -> None:
    """They land, are read and numbered as in a worker; SMS and mails have senders of their own."""
    for batch in range(COUNT // BATCH):
        world.land(*letters(batch * BATCH))
        for stage in ("mail", "record"):
            world.stages[stage].run(None)


def seconds_of(url: str, cookie: str) -> float:
    asked = time.monotonic()
    with urlopen(Request(url, headers={"Cookie": f"session={cookie}"})) as answer:
        assert answer.status == 200
        answer.read()
    return time.monotonic() - asked


def test_the_board_follows_a_thousand_in_a_minute(world, house, site, browser) -> None:
    world.land(*letters(900_000)[:1])  # what is imported late is imported now
    world.drain()
    who = colleague(house, "supervisor")
    cookies = {"session": who.cookie}
    took: list[float] = []
    with opened(browser, site.url, cookies=cookies) as page:
        page.goto("/staff")
        page.get_by_text("açık", exact=True).first.wait_for()
        began = time.monotonic()
        flood = threading.Thread(target=arrive, args=(world,))
        flood.start()
        while flood.is_alive():
            took += [seconds_of(site.url + path, who.cookie) for path in PATHS]
        seconds = time.monotonic() - began
        page.locator(".board-stats .figure", has_text="1.001").first.wait_for(timeout=15_000)
    assert seconds < 60, seconds
    middle = quantiles(took, n=20)
    assert (middle[9] < 0.3, middle[18] < 1.0) == (True, True), (seconds, middle)
