"""A mail whose letter is attached: recorded at once, read afterwards, and what it says is found."""

from collections.abc import Callable, Mapping
from email.message import EmailMessage
from typing import Any

import pytest
from peers.letter_images import LETTER, fax, page, saved, text_pdf, tiff
from peers.world import World
from sqlalchemy import select, update

from cases import enclosures as cases
from cases.person import blind
from ingest.contract import RawItem
from normalizers.ocr import inprocess
from normalizers.ocr.null import Null
from normalizers.ocr.registry import engine, installed_languages
from normalizers.reader import Options
from normalizers.schema import Attachment, Message, Reading
from storage import enclosures
from storage import tables as t
from workers.reading.pool import ReadingFailed
from workers.stages.enclosures import ReadEnclosures

PDF = text_pdf()


def mail(*files: tuple[str, bytes], key: str = "1", text: str = "Dilekçem ektedir.") -> RawItem:
    made = EmailMessage()
    made["From"] = "Deneme Kisi <deneme.kisi@example.test>"
    made["To"] = "basvuru@sirket.example.test"
    made["Subject"] = "Başvuru"
    made["Message-ID"] = f"<{key}@example.test>"
    made.set_content(text)
    kinds = {"pdf": "application/pdf", "tif": "image/tiff", "jpg": "image/jpeg"}
    for name, data in files:
        kind = kinds.get(name.rpartition(".")[2], "application/octet-stream")
        main, _, sub = kind.partition("/")
        made.add_attachment(data, main, sub, filename=name)
    return RawItem(key, "email", made.as_bytes())


def recorded(world: World, *items: RawItem) -> None:
    """Up to the number and the acknowledgement, as the fast workers do it."""
    world.land(*items)
    for queue in ("mail", "record", "sms", "email"):
        world.stages[queue].run(None)


def rows(world: World) -> list[Mapping[str, Any]]:
    with world.database.read() as connection:
        found = connection.execute(select(t.enclosure).order_by(t.enclosure.c.id))
        return list(found.mappings())


def reading(world: World, read: Callable[[RawItem], Reading]) -> None:
    """Let the world read with this, from now on."""
    object.__setattr__(world.tools, "read", read)
    world.stages["enclosures"] = ReadEnclosures(world.tools)


def test_number_and_acknowledgement_do_not_wait_for_the_letter(world: World) -> None:
    recorded(world, mail(("dilekce.pdf", PDF)))
    [one] = world.applications()
    assert one["acknowledgement"]["state"] == "accepted"
    assert one["documents"] == {"waiting": 1, "read": 0, "failed": 0, "left": 0}
    world.stages["enclosures"].run(None)
    [one] = world.applications()
    assert one["documents"] == {"waiting": 0, "read": 1, "failed": 0, "left": 0}
    assert not one["needs_review"]


def test_what_the_letter_says_stands_beside_the_message(world: World) -> None:
    world.receive(mail(("logo.png", b"small"), ("dilekce.pdf", PDF)))
    [row] = rows(world)
    read = Message.model_validate(row["document"])
    assert "onarim bedeli odenmedi" in read.text
    assert [phone.value for phone in read.identifiers.phone] == ["+905550001234"]
    with world.database.read() as connection:
        message = connection.execute(select(t.message)).mappings().one()
        [mine] = enclosures.of_messages(connection, [message["id"]])[message["id"]]
    assert mine["position"] == 1
    assert "Dilekçem ektedir." in message["document"]["text"]


def test_people_and_things_of_the_letter_are_found_but_did_not_send_it(world: World) -> None:
    letter = text_pdf(("Sayin Yetkili, plaka 34 ABC 123 hasar odemesi hakkinda yazdim.",
                       "Odenmedi, inceleyiniz. Telefon: 0555 000 12 34"))  # fmt: skip
    world.receive(mail(("dilekce.pdf", letter)))
    with world.database.read() as connection:
        keys = connection.execute(select(t.person_key)).all()
        things = connection.execute(select(t.message.c.things)).scalar_one()
    own = {row.key: row.own for row in keys}
    assert own[blind("phone", "+905550001234", b"index")] is False
    assert own[blind("email", "deneme.kisi@example.test", b"index")] is True
    assert "plate:34ABC123" in things


def test_the_history_says_that_it_was_read_and_nothing_about_people(world: World) -> None:
    world.receive(mail(("dilekce.pdf", PDF)))
    with world.database.read() as connection:
        kinds = connection.execute(select(t.event.c.kind, t.event.c.data)).all()
    data = {row.kind: row.data for row in kinds}["enclosure_read"]
    assert data["state"] == "read"
    assert data["pages"] == 1
    assert "0555" not in str(data)


def test_a_letter_that_cannot_be_opened_goes_to_the_reading_desk(world: World) -> None:
    recorded(world, mail(("dilekce.pdf", b"%PDF-1.4 broken")))
    world.stages["enclosures"].run(None)
    [one] = world.applications()
    assert one["needs_review"]
    assert one["documents"]["failed"] == 1
    assert "damaged PDF" in rows(world)[0]["detail"]


def test_a_reader_that_dies_costs_one_letter_and_no_other(world: World) -> None:
    def dies(item: RawItem) -> Reading:
        if b"broken" in item.body:
            raise ReadingFailed("reader-crashed", "the reading process ended (-9, EOFError)")
        return world.read(item)

    recorded(world, mail(("a.pdf", b"%PDF-1.4 broken"), ("b.pdf", PDF)))
    reading(world, dies)
    world.drain()
    assert [row["state"] for row in rows(world)] == ["failed", "read"]
    assert world.applications()[0]["needs_review"]


def test_what_kills_its_worker_is_given_up_after_some_attempts(world: World) -> None:
    recorded(world, mail(("a.pdf", PDF)))
    with world.database.write() as connection:
        connection.execute(update(t.enclosure).values(attempts=99))
    world.stages["enclosures"].run(None)
    [row] = rows(world)
    assert (row["state"], row["needs_review"]) == ("failed", True)


def test_a_disk_that_is_away_is_not_the_letters_fault(world: World) -> None:
    def away(item: RawItem) -> Reading:
        raise OSError("no such device")

    recorded(world, mail(("a.pdf", PDF)))
    reading(world, away)
    with pytest.raises(OSError, match="no such device"):
        world.stages["enclosures"].run(None)
    [row] = rows(world)
    assert (row["state"], row["attempts"], row["claim"]) == ("waiting", 0, None)
    reading(world, world.read)
    world.later(minutes=1)
    world.drain()
    assert rows(world)[0]["state"] == "read"


def test_letters_that_have_no_number_yet_go_first(world: World) -> None:
    recorded(world, mail(("a.pdf", PDF)))
    world.land(RawItem("fax-1", "fax", tiff(fax())), account="fax")
    world.stages["enclosures"].run(None)
    assert rows(world)[0]["state"] == "waiting"
    world.stages["pages"].run(None)
    world.stages["enclosures"].run(None)
    assert rows(world)[0]["state"] == "read"


def test_a_mail_that_comes_again_is_not_read_again(world: World) -> None:
    item = mail(("a.pdf", PDF))
    world.receive(item)
    world.receive(RawItem("other-key", "email", item.body))
    assert len(rows(world)) == 1
    assert world.applications()[0]["message_count"] == 1


def test_who_lost_the_claim_writes_nothing(world: World) -> None:
    recorded(world, mail(("a.pdf", PDF)))

    def slow(item: RawItem) -> Reading:
        with world.database.write() as connection:
            connection.execute(update(t.enclosure).values(claim="another"))
        return world.read(item)

    reading(world, slow)
    world.stages["enclosures"].run(None)
    assert rows(world)[0]["state"] == "waiting"
    with world.database.read() as connection:
        kinds = connection.execute(select(t.event.c.kind)).scalars().all()
    assert "enclosure_read" not in kinds


def test_the_files_of_a_mail_are_bounded_and_the_rest_is_counted(world: World) -> None:
    files = [(f"{n}.pdf", text_pdf((f"Dilekce {n}",))) for n in range(cases.MOST_FILES + 2)]
    recorded(world, mail(*files))
    assert world.applications()[0]["documents"]["waiting"] == cases.MOST_FILES
    assert world.applications()[0]["documents"]["left"] == 2


def test_the_pages_of_a_file_are_bounded(world: World) -> None:
    long = tiff(*[page(dpi=50).convert("1")] * (cases.MOST_PAGES + 3))
    world.receive(mail(("a.tif", long)))
    document = rows(world)[0]["document"]
    assert len(document["pages"]) == cases.MOST_PAGES
    assert f"only the first {cases.MOST_PAGES} pages were read" in document["warnings"]


def test_a_waiting_letter_is_seen_in_the_queues_and_rung_for_again(world: World) -> None:
    recorded(world, mail(("a.pdf", PDF)))
    assert world.waiting() == 1
    stage = world.stages["enclosures"]
    assert stage.overdue(10) == []  # rung for when it was written
    world.later(minutes=1)
    assert len(stage.overdue(10)) == 1


def file(name: str, kind: str, size: int = 50_000) -> Attachment:
    return Attachment(name=name, size=size, sha256="0" * 64, content_type=kind)


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (file("dilekçe.pdf", "application/pdf"), "document"),
        (file("SCAN.TİF", "application/octet-stream"), "document"),
        (file("IMG_1.HEIC", "application/octet-stream"), "picture"),
        (file("logo.png", "image/png", 4_000), None),
        (file("tablo.xlsx", "application/vnd.ms-excel"), None),
        (file("imza.gif", "image/gif"), None),
    ],
)
def test_what_may_hold_a_letter_is_told_by_type_name_and_size(one: Attachment, kind: str) -> None:
    assert cases.kind_of(one) == kind


def test_a_photograph_without_writing_bothers_nobody() -> None:
    door = Message(source="1", kind="post", text="", pages=(), needs_review=True)
    letter = door.model_copy(update={"text": "Sayın Yetkili"})
    picture, scan = file("a.jpg", "image/jpeg"), file("a.pdf", "application/pdf")
    assert not cases.outcome(picture, door).needs_review
    assert cases.outcome(picture, letter).needs_review
    assert cases.outcome(scan, door).needs_review
    assert not cases.outcome(picture, Message(source="1", kind="post", error="x")).needs_review


@pytest.mark.slow
@pytest.mark.skipif(not {"tur", "osd"} <= installed_languages(), reason="no tesseract")
def test_scans_and_photographs_in_a_mail_are_read_as_letters_are(world: World) -> None:
    ocr = engine("tesserocr" if inprocess.available() else "tesseract")

    def read(item: RawItem) -> Reading:
        engine_here = ocr if item.kind == "post" else Null()
        return world.tools.readers[item.kind].read(item, Options(ocr=engine_here))

    reading(world, read)
    scan = tiff(page(LETTER * 2, dpi=204).convert("1"), dpi=(204, 204))
    photo = saved(page(LETTER * 2, dpi=200), "JPEG", quality=80, dpi=(200, 200))
    world.receive(mail(("dilekce.tif", scan), ("foto.jpg", photo)))
    for row in rows(world):
        assert "yeniden incelenmesini saygılarımla rica ederim" in row["document"]["text"]
    with world.database.read() as connection:
        keys = connection.execute(select(t.person_key.c.key)).scalars().all()
    assert blind("phone", "+905550001234", b"index") in keys
