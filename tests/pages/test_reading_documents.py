"""From bytes to a message: facts, warnings, errors, and what a failing engine leaves."""

from collections.abc import Sequence
from datetime import date
from email.message import EmailMessage

import pytest
from peers.letter_images import PLAIN, fax, page, pdf, saved, text_pdf, tiff
from PIL import Image

from ingest.contract import RawItem
from normalizers.ocr.engine import Word
from normalizers.ocr.registry import engine
from normalizers.pages import FAX, FAX_MAIL, POST
from normalizers.reader import Options
from normalizers.schema import Message

FAX_NUMBER = "0212 000 12 34"


class Scripted:
    """An engine that always reads the same lines, and finds them all over the page."""

    name = "scripted"

    def __init__(self, *lines: str, conf: float = 95.0) -> None:
        self._lines, self._conf = [line.split() for line in lines], conf

    def words(self, image: Image.Image, *, dpi: int) -> Sequence[Word]:
        height = image.height // len(self._lines)
        return [
            Word(word, i * width, row * height, width - 1, height - 1, self._conf, 1, row + 1)
            for row, line in enumerate(self._lines)
            for width in [image.width // len(line)]
            for i, word in enumerate(line)
        ]

    def lines(self, images: Sequence[Image.Image], *, dpi: int) -> Sequence[Sequence[Word]]:
        return [()] * len(images)

    def orientation(self, image: Image.Image) -> int:
        return 0


def read(body: bytes, ocr: object = None, *, max_pages: int = 9, **facts: str) -> Message:
    options = Options(ocr=ocr or engine("null"), max_pages=max_pages)  # type: ignore[arg-type]
    return FAX.read(RawItem("fax:1", "fax", body, facts=facts), options).message


def test_the_readers_are_those_of_the_entry_points() -> None:
    assert [(r.kind, r.queue) for r in (FAX, FAX_MAIL, POST)] == [
        ("fax", "pages"), ("fax-mail", "pages"), ("post", "pages"),
    ]  # fmt: skip


def test_the_facts_of_a_fax_reach_the_message() -> None:
    message = read(
        tiff(fax()), Scripted(*PLAIN), fax_number=FAX_NUMBER, fax_name="ORNEK", fax_pages="1"
    )
    assert message.sender.phone == "+902120001234"
    assert message.sender.name == "ORNEK"
    assert message.warnings == ()
    assert message.pages is not None
    assert message.pages[0].mean_conf == 95.0
    assert "incelenmesini rica ederim." in message.text


def test_an_interrupted_fax_is_read_and_shown_to_a_person() -> None:
    message = read(
        tiff(fax()), Scripted(*PLAIN), fax_pages="2", fax_interrupted="call dropped"
    )  # fmt: skip
    assert message.text
    assert message.needs_review
    assert message.warnings == (
        "the fax call was interrupted: call dropped",
        "2 pages were sent, 1 arrived",
    )


def test_the_delivery_date_of_a_letter_is_kept() -> None:
    data = text_pdf()
    assert read(data, delivered_on="2026-03-09").delivered_on == date(2026, 3, 9)
    wrong = read(data, delivered_on="9.3.2026")
    assert wrong.delivered_on is None
    assert wrong.warnings == ("delivered_on is not a date (YYYY-MM-DD)",)


def test_identifiers_know_their_page() -> None:
    message = read(tiff(fax(), fax()), Scripted(*PLAIN))
    assert message.identifiers.phone[0].value == "+905550001234"
    assert message.identifiers.phone[0].page == 1


def test_a_blank_page_is_marked_and_needs_no_look() -> None:
    message = read(tiff(fax(), fax(())), Scripted(*PLAIN))
    assert message.pages is not None
    assert [page.blank for page in message.pages] == [False, True]
    assert not message.needs_review


def test_pages_beyond_the_limit_are_said() -> None:
    message = read(tiff(fax(), fax(), fax()), Scripted(*PLAIN), max_pages=2)
    assert message.pages is not None
    assert len(message.pages) == 2
    assert message.warnings == ("only the first 2 pages were read",)
    assert message.needs_review


@pytest.mark.parametrize("conf", [40.0, 95.0])
def test_a_page_read_poorly_goes_to_the_reading_desk(conf: float) -> None:
    assert read(tiff(fax()), Scripted(*PLAIN, conf=conf)).needs_review is (conf < 60)


def test_a_page_of_gibberish_goes_to_the_reading_desk_however_sure_the_engine_is() -> None:
    assert read(tiff(fax()), Scripted("xq ;;; 7-- ||| kjhg --- ~~~ ((( zz", conf=90)).needs_review


@pytest.mark.parametrize(
    ("way", "says"),
    [
        ("crash", "page 1: tesseract ended with status -11"),
        ("utf8", "page 1: tesseract wrote text that is not UTF-8"),
        ("timeout", "page 1: tesseract took too long"),
    ],
)
def test_a_failing_engine_leaves_the_page_for_a_person(way: str, says: str) -> None:
    message = read(tiff(fax()), engine("failing", way))
    assert message.warnings == (says,)
    assert message.needs_review
    assert message.pages is not None
    assert len(message.pages) == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "empty file"),
        (b"hello", "not a document of a known type (TIFF, PDF, JPEG, PNG ...)"),
        (
            pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"),
            "damaged PDF: it cannot be opened",
        ),
        (saved(page(dpi=100), "JPEG")[:20_000], "the image is damaged or cut short"),
    ],
)
def test_what_cannot_be_read_is_an_error_and_never_an_exception(body: bytes, error: str) -> None:
    message = read(body)
    assert message.error == error
    assert message.text == ""


def test_pixels_that_break_the_preparation_are_said_and_not_raised() -> None:
    message = read(saved(Image.new("L", (1, 3000), 0), "PNG"), Scripted(*PLAIN))
    assert message.error is None or "prepared" in message.error


def test_a_true_text_layer_is_used() -> None:
    message = read(text_pdf(), Scripted(*PLAIN))
    assert message.pages is not None
    assert message.pages[0].mean_conf is None
    assert message.text.splitlines()[0] == PLAIN[0]


@pytest.mark.parametrize("name", ["null", "failing"])
def test_without_ocr_a_text_layer_is_believed(name: str) -> None:
    assert PLAIN[1] in read(text_pdf(), engine(name)).text


def test_a_text_layer_that_contradicts_the_pixels_is_not_used() -> None:
    message = read(text_pdf(lies=True), Scripted(*PLAIN))
    assert message.pages is not None
    assert message.pages[0].mean_conf == 95.0
    assert PLAIN[0] in message.text


def test_invisible_text_is_not_used() -> None:
    hidden = text_pdf().replace(b"BT /F 12 Tf", b"3 Tr /F 9 Tf")
    assert PLAIN[0] not in read(hidden).text


def gateway_mail(*documents: tuple[str, bytes]) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = f"Yeni faks: {FAX_NUMBER} (1 sayfa)"
    mail["From"] = "faks@example.test"
    mail.set_content("Faks ektedir.")
    for name, data in documents:
        mail.add_attachment(data, maintype="image", subtype="tiff", filename=name)
    return mail.as_bytes()


def read_mail(body: bytes, **facts: str) -> tuple[Message, Sequence[bytes]]:
    item = RawItem("mail:1", "fax-mail", body, facts=facts)
    reading = FAX_MAIL.read(item, Options(ocr=Scripted(*PLAIN)))
    return reading.message, [part.data for part in reading.parts]


def test_the_fax_in_a_gateways_mail_is_read_and_kept() -> None:
    data = tiff(fax())
    message, kept = read_mail(
        gateway_mail(("../f\x00ax.tif", data)), fax_pattern=r"faks: (?P<number>[\d ]+)"
    )
    assert message.sender.phone == "+902120001234"
    assert kept == [data]
    assert message.attachments[0].size == len(data)
    assert "/" not in message.attachments[0].name
    assert PLAIN[0] in message.text


def test_two_faxes_in_one_mail_are_counted_through() -> None:
    message, kept = read_mail(gateway_mail(("a.tif", tiff(fax())), ("b.tif", tiff(fax(), fax()))))
    assert message.pages is not None
    assert [page.page for page in message.pages] == [1, 2, 3]
    assert len(kept) == 2


@pytest.mark.parametrize("pattern", ["", "(", r"faks: \d+"])
def test_a_pattern_that_finds_nobody_leaves_the_caller_unknown(pattern: str) -> None:
    message, _ = read_mail(gateway_mail(("a.tif", tiff(fax()))), fax_pattern=pattern)
    assert message.sender.phone is None
    assert message.error is None


def test_a_mail_without_a_fax_is_an_error() -> None:
    message, kept = read_mail(gateway_mail())
    assert message.error == "the mail holds no fax document"
    assert not kept
