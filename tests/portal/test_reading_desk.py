"""Pages that read poorly: who gets them, what becomes of them, and what stays as it was."""

from email.message import EmailMessage
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select, update

from cases import enclosures, joining
from ingest.contract import RawItem
from normalizers.ocr.engine import Word
from normalizers.schema import Page, PlacedWord
from portal.staff import doubts
from storage import applications, erasing, filings, reading_desk
from storage import tables as t

SAYS = (("Sayin", 95), ("Yetkili,", 90), ("plaka", 41), ("34", 60), ("A8C", 30), ("123", 45))
PHONE = "0555 000 12 34"
RIGHT = "Sayın Yetkili, plaka 34 ABC 123, telefon 0555 000 12 34, kaporta boyası bozuk."


class Scripted:
    """Reads the same few words in every page, the last ones badly."""

    name = "scripted"

    def __init__(self, *more: str) -> None:
        self.says = [(word, 90 if i else 30) for i, word in enumerate(more)] or SAYS

    def words(self, image, *, dpi):
        return [
            Word(text, 200 + 150 * i, 300, 120, 40, conf, 1, 1)
            for i, (text, conf) in enumerate(self.says)
        ]

    def lines(self, images, *, dpi):
        return [[] for _ in images]

    def orientation(self, image):
        return 0


def sheets(count: int, shift: int) -> bytes:
    """A fax with a few words of ink."""
    page = Image.new("1", (1728, 1100), 1)
    for i in range(90):
        page.paste(0, (200 + 14 * i, 300 + shift, 208 + 14 * i, 330 + shift))
    out = BytesIO()
    more = [page] * (count - 1)
    page.save(out, "TIFF", save_all=True, append_images=more, dpi=(204, 98), compression="group4")
    return out.getvalue()


@pytest.fixture
def faxed(world):
    def fax(key: str = "f1", pages: int = 1, more: str = "") -> str:
        world.ocr = Scripted(*more.split())
        facts = {"fax_number": "+902120000000"}
        world.receive(RawItem(key, "fax", sheets(pages, shift=len(more)), world.moment, facts))
        with world.database.write() as connection:  # nobody's yet: every handler may read it
            connection.execute(update(t.application).values(department=None))
        return world.applications()[-1]["number"]

    return fax


def corrections(world):
    with world.database.read() as connection:
        return [dict(row) for row in connection.execute(select(t.correction)).mappings()]


def application(world, number):
    wanted = select(t.application).where(t.application.c.number == number)
    with world.database.read() as connection:
        return connection.execute(wanted).mappings().one()


def test_the_page_waits_with_its_picture_and_its_doubted_words(world, faxed, signed_in) -> None:
    number = faxed()
    assert application(world, number)["needs_review"]
    client = signed_in("handler")
    page = client.get("/staff/reading", follow_redirects=True)
    assert page.url.path.startswith(f"/staff/reading/{number}/")
    assert "Sayin Yetkili, plaka 34 A8C 123" in page.text
    assert page.text.count("<rect") == 4
    picture = client.get(f"{page.url.path}/picture")
    assert picture.headers["content-type"] == "image/png"


def test_what_a_person_read_stands_beside_the_first_reading_and_is_found(
    world, faxed, signed_in
) -> None:
    number = faxed()
    client = signed_in("handler")
    address = client.get("/staff/reading", follow_redirects=True).url.path
    done = client.post(address, data={"text": RIGHT}, follow_redirects=True)
    assert "Okunmayı bekleyen sayfa yok" in done.text
    [kept] = corrections(world)
    assert (kept["text"], kept["changed"], kept["by"]) == (RIGHT, True, "handler")
    assert not application(world, number)["needs_review"]
    asked = {"q": "kaporta boyası"}
    found = client.post("/staff/applications/search", data=asked, follow_redirects=True)
    assert number in found.text
    with world.database.read() as connection:
        [row] = connection.execute(select(t.message.c.document, t.message.c.things))
        kinds = connection.execute(select(t.person_key.c.kind, t.person_key.c.own)).all()
        told = connection.execute(select(t.event.c.data).where(t.event.c.kind == "page_read"))
        assert told.scalar_one() == {"message": 1, "page": 1, "changed": True, "left": 0}
    assert row.document["pages"][0]["text"] == "Sayin Yetkili, plaka 34 A8C 123"
    assert "plate:34ABC123" in row.things
    assert ("phone", False) in {(one.kind, one.own) for one in kinds}
    client.post(f"/staff/applications/{number}/reveal", data={"reason": "Okunanı görmek"})
    page = client.get(f"/staff/applications/{number}").text
    assert "kaporta boyası bozuk" in page
    assert "<mark" in page


def test_a_page_that_was_read_rightly_is_saved_as_it_is(world, faxed, signed_in) -> None:
    number = faxed()
    client = signed_in("handler")
    address = client.get("/staff/reading", follow_redirects=True).url.path
    client.post(address, data={"text": "Sayin Yetkili, plaka 34 A8C 123\r\n"})
    [kept] = corrections(world)
    assert not kept["changed"]
    assert not application(world, number)["needs_review"]


def test_pages_come_one_after_the_other_and_the_application_waits_for_the_last(
    world, faxed, signed_in
) -> None:
    number = faxed(pages=2)
    client = signed_in("handler")
    first = client.get("/staff/reading", follow_redirects=True)
    second = client.post(first.url.path, data={"text": "birinci"}, follow_redirects=True)
    assert first.url.path.endswith("/1")
    assert second.url.path.endswith("/2")
    assert application(world, number)["needs_review"]
    client.post(second.url.path, data={"text": "ikinci"})
    assert not application(world, number)["needs_review"]


def test_two_who_read_the_same_page_do_not_overwrite_each_other(world, faxed, signed_in) -> None:
    faxed()
    one, other = signed_in("handler", login="bir"), signed_in("handler", login="iki")
    address = one.get("/staff/reading", follow_redirects=True).url.path
    one.post(address, data={"text": "benim okuduğum"})
    late = other.post(address, data={"text": "onun okuduğu"})
    assert late.status_code == 409
    assert "Bu sayfayı az önce bir okudu." in late.text
    assert [kept["text"] for kept in corrections(world)] == ["benim okuduğum"]


def test_what_was_skipped_comes_again(world, faxed, signed_in) -> None:
    first, second = faxed("f1"), faxed("f2", more="Poliçemin yenileme bedeli neden arttı")
    client = signed_in("handler")
    page = client.get("/staff/reading?after=1", follow_redirects=True)
    assert second in page.url.path
    assert "sıranın sonuna" in client.get("/staff/reading?after=2").text.replace("S", "s")
    assert first in client.get("/staff/reading", follow_redirects=True).url.path


def test_another_departments_letters_are_not_read_here(world, faxed, signed_in) -> None:
    number = faxed()
    mine = signed_in("handler", login="bir", department="hukuk")
    address = mine.get("/staff/reading", follow_redirects=True).url.path
    with world.database.write() as connection:
        connection.execute(update(t.application).values(department="hukuk"))
    other = signed_in("handler", login="iki", department="tahsilat")
    assert "Okunmayı bekleyen sayfa yok" in other.get("/staff/reading").text
    assert other.get(address).status_code == 403
    assert other.get(f"{address}/picture").status_code == 403
    assert number in mine.get("/staff/reading", follow_redirects=True).url.path


def test_every_look_is_recorded(world, faxed, signed_in) -> None:
    faxed()
    client = signed_in("handler")
    client.get("/staff/reading", follow_redirects=True)
    with world.database.read() as connection:
        looks = connection.execute(select(t.view_log.c.what, t.view_log.c.data)).all()
    assert ("read_page", {"message": 1, "page": 1}) in [tuple(one) for one in looks]


def by_id(world, row_id):
    with world.database.read() as connection:
        wanted = select(t.application.c.needs_review).where(t.application.c.id == row_id)
        return connection.execute(wanted).scalar_one()


def test_a_page_that_waits_goes_with_its_message_to_another_application_and_back(
    world, faxed, signed_in
) -> None:
    faxed("f1")
    faxed("f2", more="Poliçemin yenileme bedeli neden arttı")
    client = signed_in("handler")
    second = client.get("/staff/reading?after=1", follow_redirects=True).url.path
    client.post(second, data={"text": "okundu"})
    with world.database.write() as connection:
        joining.join_applications(connection, 1, 2, by="staff:x", now=world.moment, half_days=True)
    assert (by_id(world, 1), by_id(world, 2)) == (False, True)
    page = client.get("/staff/reading", follow_redirects=True)
    assert "A8C" in page.text
    with world.database.write() as connection:
        joining.unjoin(connection, 1, by="staff:x", now=world.moment)
    assert (by_id(world, 1), by_id(world, 2)) == (True, False)


def test_a_page_that_was_parted_waits_in_the_new_application(world, faxed, signed_in) -> None:
    number = faxed("f1", more=f"Hasar dosyam bitmedi telefon {PHONE}")
    faxed("f2", more=f"Başvuru numaram {number} telefon {PHONE}")
    client = signed_in("handler")
    client.post(client.get("/staff/reading", follow_redirects=True).url.path, data={"text": "1."})
    assert by_id(world, 1)
    with world.database.write() as connection:
        joining.part(connection, 2, world.tools.house, by="staff:x", now=world.moment)
    assert (by_id(world, 1), by_id(world, 2)) == (False, True)


def test_a_poor_page_that_comes_later_waits_in_the_application_that_it_joins(
    world, faxed, signed_in
) -> None:
    number = faxed("f1", more=f"Hasar dosyam bitmedi telefon {PHONE}")
    client = signed_in("handler")
    client.post(client.get("/staff/reading", follow_redirects=True).url.path, data={"text": "1."})
    assert not by_id(world, 1)
    faxed("f2", more=f"Başvuru numaram {number} telefon {PHONE}")
    assert len(world.applications()) == 1
    assert by_id(world, 1)


def test_an_attached_scan_is_read_at_the_desk_like_a_fax(world, signed_in) -> None:
    world.ocr = Scripted()
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "Deneme Kişi <deneme@example.test>", "Dilekçe"
    letter.set_content("Dilekçem ektedir.")
    scan = sheets(1, shift=0)
    letter.add_attachment(scan, maintype="image", subtype="tiff", filename="dilekce.tif")
    world.receive(RawItem("m1", "email", letter.as_bytes(), world.moment))
    world.stages["enclosures"].run(None)
    with world.database.write() as connection:
        connection.execute(update(t.application).values(department=None))
    client = signed_in("handler")
    page = client.get("/staff/reading", follow_redirects=True)
    assert page.url.query == b"file=0"
    picture = client.get(f"{page.url.path}/picture?file=0")
    assert picture.headers["content-type"] == "image/png"
    client.post(f"{page.url.path}?file=0", data={"text": "Ekte yazan."})
    [kept] = corrections(world)
    assert kept["enclosure_id"] == 1
    assert not by_id(world, 1)
    client.post("/staff/applications/" + world.applications()[0]["number"] + "/reveal",
                data={"reason": "Okunanı görmek"})  # fmt: skip
    shown = client.get("/staff/applications/" + world.applications()[0]["number"]).text
    assert "Ekte yazan." in shown


def test_my_day_leads_to_pages_that_wait(faxed, signed_in) -> None:
    client = signed_in("handler")
    assert '/staff/reading" data-row' not in client.get("/staff/my-day").text
    faxed()
    assert "1 başvuruda okunacak sayfa var" in client.get("/staff/my-day").text


def test_nobody_is_told_of_a_page_that_was_erased(world, faxed, signed_in) -> None:
    faxed()
    with world.database.write() as connection:
        erasing.erase(connection, 1, world.moment)
        assert reading_desk.count(connection, department=None, every=True) == 0
    assert "okunacak sayfa var" not in signed_in("handler").get("/staff/my-day").text


def test_a_scan_that_is_read_while_its_message_moves_waits_where_it_went(
    world, monkeypatch
) -> None:
    """Who settles it waits for who joins, and looks again."""
    with world.database.write() as connection:
        seen = iter([(1, "opened"), (2, "near"), (2, "near")])
        held: list[list[int]] = []
        monkeypatch.setattr(filings, "application_of", lambda *_: next(seen))
        monkeypatch.setattr(applications, "lock", lambda _, ids: held.append(list(ids)))
        assert enclosures.application_held(connection, 7) == 2
    assert held == [[1], [2]]


def test_a_page_that_nobody_knows_is_not_there(faxed, signed_in) -> None:
    number = faxed()
    assert signed_in("handler").get(f"/staff/reading/{number}/1/9").status_code == 404
    assert signed_in("handler").get(f"/staff/reading/{number}/77/1").status_code == 404


def test_corrections_of_nothing_are_none(world) -> None:
    with world.database.read() as connection:
        assert reading_desk.corrections(connection, []) == []


@pytest.mark.parametrize(
    ("turned", "box"),
    [
        (0, (100, 200, 200, 50)),
        (90, (750, 100, 50, 200)),
        (180, (700, 750, 200, 50)),
        (270, (200, 700, 50, 200)),
    ],
)
def test_boxes_turn_with_the_picture(turned: int, box: tuple[int, ...]) -> None:
    word = PlacedWord("bozuk", 1, 0.1, 0.2, 0.3, 0.25, 20)
    page = Page(page=1, text="bozuk", rotation=turned, words=(word,))
    [shown] = doubts.doubted(page)
    assert (shown.left, shown.top, shown.width, shown.height) == box


def test_words_know_their_places_in_the_text() -> None:
    words = [
        PlacedWord(w, row, 0, 0, 0.1, 0.1, 50) for w, row in (("bir", 1), ("iki", 1), ("üç", 2))
    ]
    text = "bir iki\nüç"
    page = Page(page=1, text=text, words=tuple(words))
    assert [text[one.start : one.end] for one in doubts.doubted(page)] == ["bir", "iki", "üç"]
