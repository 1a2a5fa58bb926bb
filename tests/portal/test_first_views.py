"""What a first view weighs: every byte that a browser with nothing kept asks for, page by page."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from peers.browser import opened
from peers.staff import colleague
from playwright.sync_api import Page, Request
from test_pages_in_a_browser import addresses, filled

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
__all__ = ["filled"]  # a fixture
MOST = 100_000
"""Bytes, without what the company's own users attached."""
PUBLIC = ("/apply", "/status", "/how-to-apply", "/privacy-notice")


@contextmanager
def weighed(page: Page) -> Iterator[list[int]]:
    """Bytes of head and body of each answer that ends meanwhile."""
    answers: list[Request] = []
    bytes_: list[int] = []

    def note(one: Request) -> None:
        answers.append(one)

    page.on("requestfinished", note)
    yield bytes_
    page.wait_for_load_state("load")
    for one in answers:
        sizes = one.sizes()
        bytes_.append(sizes["responseHeadersSize"] + sizes["responseBodySize"])


def test_no_first_view_weighs_more_than_100_kb(site, browser, house, filled) -> None:
    weights = {}
    for path, role in [*addresses(filled), *((path, "") for path in PUBLIC)]:
        cookies = {"session": colleague(house, role).cookie} if role else {}
        with opened(browser, site.url, cookies=cookies) as page:
            with weighed(page) as answers:
                page.goto(path)
            assert len(answers) > 1, path
            weights[path] = sum(answers)
    assert {path: size for path, size in weights.items() if size > MOST} == {}
