"""Documents made to hurt: each ends in bounded time and memory, kept, marked, and read as far as it
went. Through the child process in which the worker reads them."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

import pytest
from peers.letter_images import fax, page, saved, text_pdf, tiff
from PIL import Image

from config.sections import Ocr
from ingest.contract import RawItem
from normalizers.schema import Message
from workers.reading.pool import ReadingFailed, ReadingPool

pytestmark = pytest.mark.slow
LIMITS = Ocr(engine="null", max_pages=3, document_seconds=60.0, memory_mb=1500)


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    pool = ReadingPool(LIMITS)
    yield pool
    pool.close()


def read(pool: ReadingPool, body: bytes) -> Message:
    return pool.read(RawItem("post:1", "post", body)).message


def marked(message: Message) -> bool:
    return bool(message.error or (message.warnings and message.needs_review))


def png_of(width: int, height: int) -> bytes:
    """A grey PNG of one colour: a thousand pixels for each byte."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + sum_

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(width + 1)) for _ in range(height)) + packer.flush()
    body = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def tiff_bomb() -> bytes:
    """One black strip, claimed 60,000 x 60,000."""
    tags = [(256, 60_000), (257, 60_000), (258, 1), (259, 4), (262, 0), (273, 8), (278, 60_000)]
    tags.append((279, 4))
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<I", 12) + bytes(4) + struct.pack("<H", 8) + entries + bytes(4)


def pdf(objects: list[bytes]) -> bytes:
    """Objects 1, 2, ... without a cross-reference table: readers find them all the same."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF"


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data)


def one_page(box: str, content: bytes, extra: bytes = b"", resources: bytes = b"") -> list[bytes]:
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources << %s >> >>"
        % (box.encode(), resources),
        stream(content, extra),
    ]


def pdf_of_many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    single = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
            *[single] * count,
        ]
    )


def flate_bomb() -> bytes:
    """A hundred million drawing operators in a hundred kilobytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"q Q " * 250_000) for _ in range(100)) + packer.flush()
    return pdf(one_page("[0 0 595 842]", packed, b"/Filter /FlateDecode"))


def recursive_pdf() -> bytes:
    """A form that draws itself."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>"
    objects = one_page("[0 0 595 842]", b"/F Do", resources=b"/XObject << /F 5 0 R >>")
    return pdf([*objects, stream(b"/F Do /F Do", form)])


def nested_zip(depth: int = 20) -> bytes:
    data = bytes(1_000_000)
    for _ in range(depth):
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.zip", data)
        data = out.getvalue()
    return data


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(tiff_bomb(), id="tiff of 3.6 billion pixels"),
        pytest.param(nested_zip(), id="archives in archives"),
        pytest.param(b"PK\x03\x04" + bytes(64), id="half an archive"),
        pytest.param(b"II*\0" + struct.pack("<IHI", 8, 0, 8), id="tiff whose pages go round"),
        pytest.param(b"%PDF-1.4\n" + b"[" * 300_000, id="pdf that only opens brackets"),
    ],
)
def test_what_cannot_be_read_says_so(pool: ReadingPool, body: bytes) -> None:
    assert marked(read(pool, body))


def test_an_image_that_would_fill_the_memory_is_not_decoded(pool: ReadingPool) -> None:
    message = read(pool, png_of(20_000, 20_000))
    assert message.error is not None
    assert "limit" in message.error or "too large" in message.error


def test_the_largest_image_that_is_taken_fits_into_the_childs_memory(pool: ReadingPool) -> None:
    message = read(pool, png_of(9_400, 9_400))
    assert message.pages is not None
    assert message.pages[0].blank


def test_a_page_as_large_as_a_field_is_drawn_small(pool: ReadingPool) -> None:
    body = pdf(one_page("[0 0 200000 200000]", b"0 0 200000 100000 re f"))
    message = read(pool, body)
    assert message.pages is not None or message.error


@pytest.mark.parametrize("body", [recursive_pdf(), flate_bomb()], ids=["recursion", "deflate"])
def test_a_pdf_that_unpacks_without_end_is_over_in_time(pool: ReadingPool, body: bytes) -> None:
    try:
        message = read(pool, body)
    except ReadingFailed as failed:
        assert failed.cause in ("too-slow", "reader-crashed")  # set aside: the item is kept
    else:
        assert message.pages is not None


def test_of_ten_thousand_pages_the_first_are_read(pool: ReadingPool) -> None:
    message = read(pool, pdf_of_many_pages(10_000))
    assert message.pages is not None
    assert len(message.pages) == LIMITS.max_pages
    assert "only the first 3 pages were read" in message.warnings
    assert message.needs_review


def test_a_tiff_of_very_many_pages_is_read_as_far_as_allowed(pool: ReadingPool) -> None:
    dot = Image.new("1", (64, 64), 1)
    out = BytesIO()
    dot.save(out, "TIFF", save_all=True, append_images=[dot] * 2000)
    message = read(pool, out.getvalue())
    assert message.pages is not None
    assert len(message.pages) == LIMITS.max_pages
    assert message.needs_review


def test_a_polyglot_is_what_a_viewer_shows(pool: ReadingPool) -> None:
    """A PDF after some other format's first bytes, and an archive behind an image."""
    hidden = saved(page(dpi=60), "GIF")[:100] + text_pdf()
    assert "odenmedi" in read(pool, hidden).text
    behind = tiff(fax()) + nested_zip(2)
    message = read(pool, behind)
    assert message.pages is not None
    assert len(message.pages) == 1


def test_memory_that_runs_out_is_said_and_the_item_kept() -> None:
    small = ReadingPool(LIMITS.model_copy(update={"memory_mb": 650}))
    try:
        message = read(small, png_of(9_400, 9_400))
    except ReadingFailed as failed:
        assert failed.cause == "reader-crashed"
    else:
        assert marked(message)
    finally:
        small.close()


def test_after_a_document_that_never_ends_the_next_one_is_read() -> None:
    hanging = Ocr(engine="failing", languages="hang", document_seconds=10.0)
    pool = ReadingPool(hanging)
    try:
        with pytest.raises(ReadingFailed) as failed:
            read(pool, tiff(fax()))
        assert failed.value.cause == "too-slow"
        assert read(pool, b"").error == "empty file"
    finally:
        pool.close()
