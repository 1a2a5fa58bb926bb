"""Opening what comes: every type, and every way in which a file can be broken."""

import numpy as np
import pytest
from peers.letter_images import fax, page, pdf, saved, text_pdf, tiff
from PIL import Image

from normalizers.pages import document
from normalizers.pages.document import Unreadable
from normalizers.pages.load import open_document


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "PDF"])
def test_a_page_is_opened_whatever_its_type(kind: str) -> None:
    opened = open_document(saved(page(dpi=100), kind, resolution=100), max_pages=5)
    assert opened.pages == 1
    scan = opened.sheet(0).scan(300)
    assert scan.grey.min() < 60
    assert scan.grey.max() > 250


def test_a_photograph_of_a_telephone_is_opened() -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    opened = open_document(saved(page(dpi=60), "HEIF"), max_pages=1)
    assert opened.sheet(0).scan(300).grey.min() < 100


def test_a_fax_keeps_its_two_resolutions_and_is_known_as_black_and_white() -> None:
    scan = open_document(tiff(fax()), max_pages=5).sheet(0).scan(300)
    assert scan.dpi == (204, 98)
    assert scan.bilevel


def test_both_fill_orders_give_the_same_page() -> None:
    one, other = (
        open_document(tiff(fax(), fill_order=order), max_pages=1).sheet(0).scan(300).grey
        for order in (1, 2)
    )
    assert np.array_equal(one, other)


def test_a_picture_turned_by_the_camera_is_turned_back() -> None:
    exif = Image.Exif()
    exif[274] = 6  # the right-hand side of the picture is the top
    data = saved(Image.new("L", (80, 40), 255), "JPEG", exif=exif)
    assert open_document(data, max_pages=1).sheet(0).scan(300).grey.shape == (80, 40)


def test_transparent_paper_is_white() -> None:
    data = saved(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")
    assert open_document(data, max_pages=1).sheet(0).scan(300).grey.min() == 255


def test_a_scan_in_a_pdf_is_rendered_at_its_own_resolution() -> None:
    data = saved(page(dpi=200), "PDF", resolution=200)
    assert open_document(data, max_pages=1).sheet(0).scan(300).resolution == pytest.approx(200, 1)


def test_pages_beyond_the_limit_are_not_counted() -> None:
    opened = open_document(tiff(*[fax()] * 5), max_pages=2)
    assert opened.pages == 3  # one more than will be read: enough to say so


def test_a_fax_cut_off_in_its_second_page_keeps_the_first() -> None:
    data = tiff(fax(), fax())
    first = open_document(data, max_pages=9)
    whole = first.sheet(0).scan(300).grey
    broken = _without_second_page(data)
    opened = open_document(broken, max_pages=9)
    assert opened.pages == 1
    assert opened.damage == "page 2 and what follows is damaged or cut short"
    assert np.array_equal(opened.sheet(0).scan(300).grey, whole)


def _without_second_page(data: bytes) -> bytes:
    """The link to the second directory leads to one that says nothing of its page."""
    directory = int.from_bytes(data[4:8], "little")
    entries = int.from_bytes(data[directory : directory + 2], "little")
    link = directory + 2 + 12 * entries
    nothing = b"\x00\x00" + b"\x00" * 4
    return data[:link] + len(data).to_bytes(4, "little") + data[link + 4 :] + nothing


ENCRYPTED = pdf(
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [] /Count 0 >>",
    b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>",
    trailer=b"/Encrypt 3 0 R /ID [<41> <41>]",
)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty file"),
        (b"hello", "not a document of a known type"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a document of a known type"),
        (b"%PDF-1.7\nrubbish", "damaged PDF: it cannot be opened"),
        (ENCRYPTED, "encrypted PDF: it needs a password"),
        (b"....ftypheic....", "damaged or cut short"),
        (tiff(fax())[:30], "damaged or cut short"),
    ],
)
def test_what_cannot_be_opened_says_why(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        open_document(data, max_pages=5)


def test_an_image_whose_data_end_too_early_says_so() -> None:
    data = saved(page(dpi=100), "JPEG")
    opened = open_document(data[: len(data) // 2], max_pages=1)
    with pytest.raises(Unreadable, match="damaged or cut short"):
        opened.sheet(0)


def test_an_image_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_PIXELS", 1_000_000)
    with pytest.raises(Unreadable, match="2000 x 1000 pixels: the limit is 1 million"):
        open_document(saved(Image.new("1", (2000, 1000)), "PNG"), max_pages=1)


def test_a_wall_sized_pdf_page_is_rendered_smaller() -> None:
    data = text_pdf().replace(b"[0 0 595 842]", b"[0 0 99999 99999]")
    scan = open_document(data, max_pages=1).sheet(0).scan(300)
    assert scan.grey.size <= document.MAX_PIXELS * 1.01
