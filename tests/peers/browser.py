"""Chromium, and what every page has to stand: axe in both languages and colours, no other host."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from peers.server import wait_until
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1360, "height": 860}
_DRAWN = (
    "[...document.images].every((i) => i.complete || i.getBoundingClientRect().y > innerHeight)"
)
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser,
    url: str,
    *,
    language: str = "tr",
    scheme: str = "light",
    size: dict[str, int] = DESK,
    script: bool = True,
    cookies: dict[str, str] | None = None,
) -> Iterator[Page]:
    """A page of a fresh visitor. Ends with an assertion that nothing was asked of another host and
    that the policy stopped nothing."""
    context = browser.new_context(
        base_url=url,
        locale={"tr": "tr-TR", "en": "en-GB"}[language],
        color_scheme=scheme,
        viewport=size,
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    wanted = {"language": language} | (cookies or {})
    context.add_cookies([{"name": k, "value": v, "url": url} for k, v in wanted.items()])
    asked: list[str] = []
    said: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    ours = urlsplit(url).netloc
    assert [one for one in asked if urlsplit(one).netloc not in {ours, ""}] == []
    assert [line for line in said if "Failed to load resource" not in line] == []


def complaints(page: Page) -> list[str]:
    """What axe finds on the page as it stands: one line a rule and element.

    What was pressed before must have led where it leads (``page.expect_navigation``, or wait for
    something that only the next page has): a page that goes away while axe looks has no elements.
    """
    page.wait_for_load_state("load")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": list(_RULES)}})
    return [
        f"{one['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def shoot(page: Page, folder: str, name: str, *, whole: bool = False) -> None:
    """Keep a picture for ``docs/pictures/FOLDER``, where they are being made (``make pictures``):
    what is seen of the page, or the whole of it."""
    if not (pictures := os.environ.get("PICTURES")):
        return
    file = Path(pictures) / folder / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    wait_until(lambda: page.evaluate(_DRAWN), "the pictures of the page", 60)
    with Image.open(BytesIO(page.screenshot(full_page=whole))) as taken:
        taken.convert("RGB").quantize(128).save(file, optimize=True)
