"""The application page in Chromium: looked at by axe, and a whole journey by keyboard alone."""

from io import BytesIO
from pathlib import Path

import pytest
from peers.browser import DESK, PHONE, complaints, opened
from peers.server import wait_until
from peers.staff import colleague
from peers.world import World
from PIL import Image, ImageDraw
from sqlalchemy import update

from ingest.contract import RawItem
from storage import dossier
from storage import tables as t

pytestmark = pytest.mark.slow

LOOKS = [
    ("tr", "light", DESK),
    ("tr", "dark", DESK),
    ("en", "light", {"width": 1366, "height": 768}),
    ("tr", "light", PHONE),
    ("en", "dark", PHONE),
]


def a_fax() -> bytes:
    """A page in black and white with half the lines that it should have, as faxes come."""
    page = Image.new("1", (1728, 1100), 1)
    ImageDraw.Draw(page).text((120, 80), "HASAR DOSYASI REDDEDILDI", fill=0, font_size=60)
    out = BytesIO()
    page.save(out, "TIFF", compression="group4", dpi=(204, 98))
    return out.getvalue()


@pytest.fixture
def address(world: World) -> str:
    [one] = world.receive(RawItem("f1.tif", "fax", a_fax()), account="fax")
    with world.database.write() as connection:
        values = {"department": None, "applicant_phone": "+905550001234"}
        values |= {"applicant_name": "Deneme Kisi", "applicant_email": "deneme@example.test"}
        connection.execute(update(t.application).values(**values))
    return f"/staff/applications/{one['number']}"


@pytest.mark.timeout(200)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(site, browser, house, address) -> None:
    who = colleague(house, "supervisor")
    for language, scheme, size in LOOKS:
        look = {"language": language, "scheme": scheme, "size": size}
        with opened(browser, site.url, **look, cookies={"session": who.cookie}) as page:
            page.goto(address)
            if page.locator("[data-key=g]").count():
                with page.expect_navigation():
                    page.locator("[data-key=g]").click()
            page.evaluate("document.querySelectorAll('details').forEach(d => d.name = '')")
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert complaints(page) == []
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(wide)


@pytest.mark.timeout(200)
def test_a_fax_is_read_assessed_routed_and_answered_by_keyboard(
    site, browser, house, world, address, tmp_path: Path
) -> None:
    who = colleague(house, "supervisor")
    with opened(browser, site.url, cookies={"session": who.cookie}) as page:
        page.goto(address)
        with page.expect_navigation():
            page.keyboard.press("g")
        page.locator(".sheet img").first.scroll_into_view_if_needed()
        drawn = "document.querySelector('.sheet img').naturalWidth > 0"
        wait_until(lambda: page.evaluate(drawn), "the page of the fax")
        page.locator("#assess-type").focus()
        page.keyboard.type("Şik")
        page.keyboard.press("Tab")
        page.locator("#act-assess button.primary").press("Enter")
        page.wait_for_url("**done=assess")
        page.keyboard.press("b")
        page.keyboard.type("Huk")
        page.locator("#act-route button.primary").press("Enter")
        page.wait_for_url("**done=route")
        page.keyboard.press("y")
        page.locator("#answer-medium").select_option("email")
        page.locator("#answer-position").select_option("accepted")
        page.locator("#answer-reasons").focus()
        page.keyboard.type("Dosyanız yeniden incelendi ve ödemeniz bugün yapıldı.")
        page.get_by_role("button", name="Önizle").press("Enter")
        page.locator(".preview").first.wait_for()
        page.get_by_role("button", name="Gönder", exact=True).press("Enter")
        page.wait_for_url("**done=send")
    with world.database.read() as connection:
        kinds = [one["kind"] for one in dossier.history(connection, 1)]
        row = dossier.find(connection, address.rpartition("/")[2])
    assert row is not None
    assert row["status"] == "answered"
    assert {"revealed", "assessed", "routed", "answer_drafted", "answered"} <= set(kinds)


def test_a_page_of_a_fax_is_drawn_by_us_and_only_after_a_reason(
    site, browser, house, address
) -> None:
    who = colleague(house, "supervisor")
    with opened(browser, site.url, cookies={"session": who.cookie}) as page:
        path = f"{address}/messages/1/pages/1"
        assert page.request.get(site.url + path).status == 403
        page.goto(address)
        with page.expect_navigation():
            page.locator("[data-key=g]").click()
        got = page.request.get(site.url + path)
        assert got.headers["content-type"] == "image/png"
        assert got.headers["content-security-policy"].startswith("sandbox")
        image = Image.open(BytesIO(got.body()))
        assert image.height > image.width
        assert page.request.get(site.url + f"{address}/messages/1/pages/9").status == 404
