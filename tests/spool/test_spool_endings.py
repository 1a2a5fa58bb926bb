"""Whether a file is there to its end."""

import io
import struct

import pytest
from PIL import Image
from spool_tools import SAMPLES

from ingest.spool.endings import missing_end
from ingest.spool.tiff import directories, page_count

WHOLE = {
    ".pdf": (SAMPLES / "post/konut-iptal.pdf").read_bytes(),
    ".tif": (SAMPLES / "fax/konut-iptal.tif").read_bytes(),
    ".jpg": (SAMPLES / "post/saglik-itiraz.jpg").read_bytes(),
}


def saved(form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image = Image.effect_noise((60, 40), 50)
    image.save(file, form, **options)
    return file.getvalue()


WHOLE[".png"] = saved("PNG")
WHOLE[".tiff"] = saved("TIFF", compression="raw")  # directory before the data


@pytest.mark.parametrize("suffix", WHOLE)
def test_a_whole_file_is_whole(suffix: str) -> None:
    assert missing_end(WHOLE[suffix], suffix) is None


@pytest.mark.parametrize("suffix", WHOLE)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_file_is_not(suffix: str, share: float) -> None:
    body = WHOLE[suffix]
    assert missing_end(body[: int(len(body) * share)], suffix)


@pytest.mark.parametrize("suffix", WHOLE)
def test_padding_at_the_end_does_no_harm(suffix: str) -> None:
    assert missing_end(WHOLE[suffix] + b"\0" * 100_000, suffix) is None


@pytest.mark.parametrize("suffix", WHOLE)
def test_room_that_was_only_reserved_is_not_a_file(suffix: str) -> None:
    assert missing_end(b"\0" * len(WHOLE[suffix]), suffix)


@pytest.mark.parametrize("suffix", [".pdf", ".tif", ".jpg", ".png"])
def test_room_that_is_half_filled_is_not_a_file(suffix: str) -> None:
    """Not so for a TIFF with its directory in front: only its silence tells."""
    body = WHOLE[suffix]
    assert missing_end(body[: len(body) // 2] + b"\0" * (len(body) // 2), suffix)


def test_content_counts_before_the_name() -> None:
    assert missing_end(WHOLE[".pdf"], ".tif") is None
    assert missing_end(b"a text", ".tif") == "it does not begin like a TIFF"
    assert missing_end(b"a text", ".txt") is None


def test_a_tiff_whose_pages_run_in_a_circle_ends() -> None:
    body = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HI", 0, 8)
    assert "circle" in str(missing_end(body, ".tif"))


def test_a_tiff_that_promises_too_much_costs_nothing() -> None:
    strips = struct.pack("<HHII", 273, 4, 0xFFFFFFFF, 8) + struct.pack("<HHII", 279, 4, 1, 8)
    body = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 2) + strips + struct.pack("<I", 0)
    assert missing_end(body, ".tif") == "the TIFF has no page"


def test_pages_and_tags_of_a_tiff_are_read_in_both_byte_orders() -> None:
    assert page_count(WHOLE[".tif"]) == 2
    big = b"MM\0*" + struct.pack(">IHHHII", 8, 1, 270, 2, 4, 0x41424300) + struct.pack(">I", 0)
    assert next(directories(big)).text(270) == "ABC"
    assert page_count(b"no tiff") == 0
