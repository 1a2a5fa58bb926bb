"""The reading desk in Chromium: looked at by axe, and a page read by keyboard alone."""

from io import BytesIO

import pytest
from peers.browser import DESK, PHONE, complaints, opened
from peers.staff import colleague
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select, update

from ingest.contract import RawItem
from normalizers.ocr.engine import Word
from storage import tables as t

pytestmark = pytest.mark.slow
SAYS = (
    "Sayın Yetkili, hasar",
    "dosyamda adı geçen",
    "34 A8C 123 plakalı aracın",
    "onarımı bitmedi.",
)
LOOKS = [
    ("tr", "light", DESK),
    ("tr", "dark", DESK),
    ("en", "light", DESK),
    ("en", "dark", PHONE),
    ("tr", "light", PHONE),
]


class Scripted:
    """Reads what was drawn, unsure of the plate."""

    name = "scripted"

    def words(self, image, *, dpi):
        found = []
        for row, line in enumerate(SAYS):
            for i, word in enumerate(line.split()):
                conf = 30 if any(c.isdigit() for c in word) else 92
                place = (160 + 300 * i, 150 + 110 * row, 260, 60)
                found.append(Word(word, *place, conf, 1, row + 1))
        return found

    def lines(self, images, *, dpi):
        return [[] for _ in images]

    def orientation(self, image):
        return 0


def a_fax() -> bytes:
    page = Image.new("1", (1728, 1100), 1)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype("DejaVuSans.ttf", 44)
    for row, line in enumerate(SAYS):
        for i, word in enumerate(line.split()):
            pen.text((145 + 270 * i, 65 + 48 * row), word, fill=0, font=font)
    out = BytesIO()
    page.save(out, "TIFF", compression="group4", dpi=(204, 98))
    return out.getvalue()


@pytest.fixture
def waiting(world) -> None:
    world.ocr = Scripted()
    world.receive(RawItem("f1.tif", "fax", a_fax(), world.moment), account="fax")
    with world.database.write() as connection:
        connection.execute(update(t.application).values(department=None))


@pytest.mark.timeout(200)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(site, browser, house, waiting) -> None:
    who = colleague(house, "handler")
    for language, scheme, size in LOOKS:
        look = {"language": language, "scheme": scheme, "size": size}
        with opened(browser, site.url, **look, cookies={"session": who.cookie}) as page:
            page.goto("/staff/reading")
            page.locator("rect").first.wait_for(state="attached")
            assert complaints(page) == []
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(wide)


def test_a_page_is_read_by_keyboard_alone(site, browser, house, world, waiting) -> None:
    who = colleague(house, "handler")
    with opened(browser, site.url, cookies={"session": who.cookie}) as page:
        page.goto("/staff/reading")
        page.locator("#text").wait_for()
        page.keyboard.press("Alt+ArrowDown")
        page.keyboard.press("Alt+ArrowDown")
        selected = "text.value.slice(text.selectionStart, text.selectionEnd)"
        assert page.evaluate(selected) == "A8C"
        assert page.locator("rect.at").get_attribute("data-start") == "43"
        page.keyboard.type("ABCDE")  # longer than it was: what comes behind it has moved
        page.keyboard.press("Alt+ArrowDown")
        assert page.evaluate(selected) == "123"
        page.keyboard.press("Control+Enter")
        page.get_by_text("Okunmayı bekleyen sayfa yok").wait_for()
    with world.database.read() as connection:
        [text] = connection.execute(select(t.correction.c.text)).scalars()
    assert "34 ABCDE 123 plakalı" in text


def test_without_script_the_page_is_read_all_the_same(site, browser, house, world, waiting) -> None:
    who = colleague(house, "handler")
    with opened(browser, site.url, script=False, cookies={"session": who.cookie}) as page:
        page.goto("/staff/reading")
        page.get_by_label("Sayfada ne yazıyor?").fill("Okudum.")
        page.get_by_role("button", name="Kaydet, sonraki sayfa").click()
        page.get_by_text("Okunmayı bekleyen sayfa yok").wait_for()
    with world.database.read() as connection:
        assert connection.execute(select(t.correction.c.text)).scalars().all() == ["Okudum."]
