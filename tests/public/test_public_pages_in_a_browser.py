"""Applicants' journeys in Chromium: on a phone, at a desk, without script, by keyboard alone."""

import re

import pytest
from peers.browser import DESK, PHONE, complaints, opened, shoot
from peers.server import wait_until
from playwright.sync_api import Page, expect
from public_forms import GIVEN

pytestmark = pytest.mark.slow
PICTURES = "public"
EVERYTHING = [
    (language, scheme, size)
    for language in ("tr", "en")
    for scheme in ("light", "dark")
    for size in (PHONE, DESK)
]


@pytest.fixture
def world(sqlite, tmp_path, now):
    """One database is enough here: what rows do is tested elsewhere on both."""
    from peers.world import World

    return World(sqlite, tmp_path, now)


def fill(page: Page, **changed: str) -> None:
    said = GIVEN | changed
    page.check(f"input[name=type][value={said['type']}]")
    for name in ("subject", "text", "name", "phone"):
        page.fill(f"[name={name}]", said[name])


def apply(page: Page, world) -> str:
    page.goto("/apply")
    fill(page)
    world.later(seconds=30)
    page.click("button.primary")
    return page.locator("#number").inner_text()


def code(world) -> str:
    """The code in the newest SMS, which is sent behind the visitor's back."""

    def found():
        return re.search(r"\b\d{6}\b", world.gateway.taken[-1].text if world.gateway.taken else "")

    wait_until(found, "the SMS with the code")
    return found()[0]


def visit(page: Page, world, number: str) -> None:
    page.goto("/status")
    page.fill("[name=number]", number)
    page.fill("[name=phone]", GIVEN["phone"])
    page.click("button.primary")
    page.fill("[name=code]", code(world))
    page.click("button.primary")
    expect(page.locator("h1")).to_have_text(number)


@pytest.mark.parametrize(("language", "scheme", "size"), EVERYTHING)
def test_axe_finds_nothing_on_any_page(browser, site, world, language, scheme, size):
    with opened(browser, site.url, language=language, scheme=scheme, size=size) as page:
        for path in ("/", "/apply", "/how-to-apply", "/privacy-notice", "/status", "/status/code"):
            page.goto(path)
            assert complaints(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.goto("/apply")
        with page.expect_navigation():
            page.click("button.primary")
        assert complaints(page) == []
        number = apply(page, world)
        assert complaints(page) == []
        visit(page, world, number)
        assert complaints(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_applicant_on_a_phone_applies_with_a_photo_and_follows_it(browser, site, world):
    photo = {"name": "kaza fotoğrafı.jpg", "mimeType": "image/jpeg", "buffer": JPEG * 2_000}
    with opened(browser, site.url, size=PHONE) as page:
        page.goto("/")
        shoot(page, PICTURES, "home-phone", whole=True)
        page.click("text=Başvuru yap")
        fill(page)
        page.set_input_files("#attached", photo)
        expect(page.locator(".file-list input[name=upload]")).to_have_count(1)
        shoot(page, PICTURES, "form-phone", whole=True)
        expect(page.locator("input[name=altcha]")).to_have_count(1, timeout=30_000)
        page.click("button.primary")
        number = page.locator("#number").inner_text()
        shoot(page, PICTURES, "number-phone", whole=True)
        [application] = world.applications()
        assert application["number"] == number.replace("-", "")
        assert application["attachment_count"] == 1
        visit(page, world, number)
        shoot(page, PICTURES, "status-phone", whole=True)
        page.fill("[name=text]", "Dekontu da gönderiyorum.")
        page.set_input_files("#attached", photo | {"name": "dekont.jpg"})
        expect(page.locator(".file-list input[name=upload]")).to_have_count(1)
        page.click("form[action$=message] button.primary")
        expect(page.locator(".notice.good")).to_contain_text("Ekledik")
    [application] = world.applications()
    assert application["message_count"] == 2


def test_everything_works_without_script(browser, site, world):
    with opened(browser, site.url, size=PHONE, script=False) as page:
        page.goto("/apply")
        with page.expect_navigation():
            page.click("button.primary")
        expect(page.locator("#errors")).to_be_visible()
        fill(page)
        page.set_input_files(
            "#attached", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
        )
        world.later(seconds=30)
        page.click("button.primary")
        number = page.locator("#number").inner_text()
        visit(page, world, number)
        page.fill("[name=text]", "Eklemek istediklerim var.")
        page.click("form[action$=message] button.primary")
        expect(page.locator(".notice.good")).to_be_visible()
    [application] = world.applications()
    assert (application["message_count"], application["attachment_count"]) == (2, 1)


def test_a_double_click_is_one_application(browser, site, world):
    with opened(browser, site.url) as page:
        page.goto("/apply")
        fill(page)
        world.later(seconds=30)
        page.dblclick("button.primary")
        page.locator("#number").wait_for()
    assert len(world.applications()) == 1


def test_a_broken_connection_loses_a_piece_and_not_the_file(browser, site, world):
    with opened(browser, site.url) as page:
        broken = {"left": 2}

        def cut(route):
            if route.request.method == "PATCH" and broken["left"]:
                broken["left"] -= 1
                route.abort("connectionreset")
            else:
                route.continue_()

        page.route("**/uploads/**", cut)
        page.goto("/apply")
        fill(page)
        file = {"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF" + b"x" * 700_000}
        page.set_input_files("#attached", file)
        expect(page.locator("input[name=upload]")).to_have_count(1, timeout=20_000)
        world.later(seconds=30)
        page.click("button.primary")
        page.locator("#number").wait_for()
    assert broken["left"] == 0
    [application] = world.applications()
    assert application["attachment_count"] == 1


def drop(page: Page, name: str, content: bytes) -> None:
    """A file is dragged from the desktop onto the form; what it says it is is not what it is."""
    made = """([name, bytes]) => {
      const held = new DataTransfer();
      held.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
      return held;
    }"""
    held = page.evaluate_handle(made, [name, list(content)])
    for event in ("dragenter", "drop"):
        page.dispatch_event(".drop", event, {"dataTransfer": held})


def test_files_are_dragged_onto_the_form_and_judged_by_their_content(browser, site, world):
    with opened(browser, site.url) as page:
        page.goto("/apply")
        fill(page)
        drop(page, "kaza fotoğrafı.jpg", JPEG)
        expect(page.locator(".file-list input[name=upload]")).to_have_count(1)
        drop(page, "fotoğraf.jpg", b"MZ\x90\0" + bytes(range(256)))
        refused = page.locator(".file-list [role=alert]")
        expect(refused).to_contain_text("türü")
        assert complaints(page) == []
        world.later(seconds=30)
        with page.expect_navigation():
            page.click("button.primary")
        page.locator("#number").wait_for()
    [application] = world.applications()
    assert application["attachment_count"] == 1


def test_the_form_is_filled_in_by_keyboard_alone(browser, site, world):
    with opened(browser, site.url) as page:
        page.goto("/apply")
        page.locator("input[name=type]").first.focus()
        page.keyboard.press("Space")
        for text in (GIVEN["subject"], GIVEN["text"], "12345678", ""):
            page.keyboard.press("Tab")
            page.keyboard.type(text)
        page.keyboard.press("Tab")  # the file chooser
        for text in (GIVEN["name"], GIVEN["phone"]):
            page.keyboard.press("Tab")
            page.keyboard.type(text)
        world.later(seconds=30)
        page.keyboard.press("Enter")
        page.locator("#number").wait_for()
    [application] = world.applications()
    assert application["applicant"]["name"] == GIVEN["name"]


def test_pictures_of_the_desk_size_pages(browser, site, world):
    with opened(browser, site.url, scheme="dark") as page:
        page.goto("/apply")
        shoot(page, PICTURES, "form-desk-dark", whole=True)
    with opened(browser, site.url, language="en") as page:
        page.goto("/how-to-apply")
        shoot(page, PICTURES, "how-desk-en", whole=True)
        page.goto("/apply")
        with page.expect_navigation():
            page.click("button.primary")
        shoot(page, PICTURES, "form-mistakes-en", whole=True)


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 90
