"""Pages that a machine reads badly, over the real stages: each has its number, and its place."""

from collections.abc import Callable

import pytest
from peers.letter_images import GERMAN, LETTER, page, saved, scribbled
from peers.world import World
from PIL import Image, ImageFilter

from ingest.contract import RawItem
from normalizers.ocr import inprocess
from normalizers.ocr.registry import engine, installed_languages
from normalizers.reader import Options
from workers.stages.normalise import Normalise

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not {"tur", "osd"} <= installed_languages(), reason="no tesseract"),
]


@pytest.mark.parametrize(
    ("sheet", "to_the_desk"),
    [
        pytest.param(lambda: page(LETTER * 2, dpi=200), False, id="letter"),
        pytest.param(lambda: page(GERMAN * 3, dpi=200), False, id="german"),
        pytest.param(lambda: Image.new("L", (1654, 2339), 250), True, id="blank"),
        pytest.param(scribbled, True, id="handwriting"),
        pytest.param(
            lambda: page(LETTER * 2, dpi=200).filter(ImageFilter.GaussianBlur(7)), True, id="blur"
        ),
    ],
)
def test_a_scanned_sheet_is_numbered_whatever_it_is_and_read_by_a_person_where_it_must(
    world: World, sheet: Callable[[], Image.Image], to_the_desk: bool
) -> None:
    ocr = engine("tesserocr" if inprocess.available() else "tesseract")
    readers = world.tools.readers
    object.__setattr__(
        world.tools, "read", lambda item: readers[item.kind].read(item, Options(ocr=ocr))
    )
    world.stages["pages"] = Normalise(world.tools, "pages")
    scan = saved(sheet().convert("L"), "PNG", dpi=(200, 200))
    [one] = world.receive(RawItem("scan-1", "post", scan), account="post")
    assert one["number"]
    assert one["needs_review"] is to_the_desk
    assert world.quarantine() == {}
