"""Scanned letters: when they were delivered, and what belongs together."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from spool_tools import SAMPLES, Desk, put

from ingest.channels.post import CHANNEL
from ingest.channels.post.batches import ranges
from ingest.channels.post.sheet import separator_sheet
from ingest.contract import MAX_ITEMS, Delivery
from ingest.errors import Refused
from ingest.spool.documents import PROBLEM

LETTER = (SAMPLES / "post/kasko-dilekce.pdf").read_bytes()
TWO_PAGES = (SAMPLES / "post/konut-iptal.pdf").read_bytes()
NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""Twelve o'clock in Istanbul."""


def desk(folder: Path, **settings: object) -> Desk:
    return Desk(CHANNEL, {"kind": "post", "folder": folder, "settle_seconds": 0} | settings)


def joined(*files: bytes) -> bytes:
    """A stack as a scanner gives it: one PDF."""
    stack = pypdfium2.PdfDocument.new()
    for file in files:
        stack.import_pages(pypdfium2.PdfDocument(file))
    out = io.BytesIO()
    stack.save(out)
    return out.getvalue()


def tiff(*pages: Image.Image) -> bytes:
    out = io.BytesIO()
    options = {"compression": "group4", "dpi": (200, 200)}
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], **options)
    return out.getvalue()


def empty() -> bytes:
    out = io.BytesIO()
    Image.new("1", (1654, 2339), 1).save(out, "PDF", resolution=200)
    return out.getvalue()


def pages_of(body: bytes) -> int:
    return len(pypdfium2.PdfDocument(body))


def test_a_letter_is_one_item_byte_for_byte(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf", LETTER, age=3600)
    (item,) = desk(tmp_path).poll()
    assert (item.kind, item.body, item.problem, item.facts) == ("post", LETTER, None, {})
    assert item.received_at and item.received_at < datetime.now(UTC) - timedelta(minutes=50)


@pytest.mark.parametrize(
    ("name", "sidecar", "pattern"),
    [
        ("a.pdf", '{"delivered_on": "2026-11-23"}', ""),
        ("a.pdf", '{"delivered_on": "23.11.2026"}', ""),
        ("2026-11-23/a.pdf", "", ""),
        ("2026-11-01/2026-11-23/a.pdf", "", ""),
        ("2026-11-24/a.pdf", '{"delivered_on": "2026-11-23"}', ""),
        ("evrak_20261123_7.pdf", "", r"evrak_(?P<delivered>\d{8})_\d+"),
    ],
)
def test_deadlines_run_from_the_delivery(
    tmp_path: Path, name: str, sidecar: str, pattern: str
) -> None:
    file = put(tmp_path / name, LETTER)
    if sidecar:
        put(file.with_suffix(".json"), sidecar.encode())
    bench = desk(tmp_path, name_pattern=pattern)
    bench.clock.ahead = datetime(2026, 12, 1, tzinfo=UTC) - datetime.now(UTC)
    (item,) = bench.poll()
    assert item.facts == {"delivered_on": "2026-11-23"}
    assert item.received_at == NOON


def test_a_delivery_with_a_time_keeps_it(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf", LETTER)
    put(tmp_path / "a.json", b'{"delivered_on": "2026-01-23T21:30:00Z"}')
    (item,) = desk(tmp_path).poll()
    assert item.facts == {"delivered_on": "2026-01-24"}  # half past midnight here
    assert item.received_at == datetime(2026, 1, 23, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize("stated", ["2062-11-23", "31.02.2026", "gestern"])
def test_a_delivery_date_that_cannot_be_is_not_believed(tmp_path: Path, stated: str) -> None:
    put(tmp_path / "a.pdf", LETTER)
    put(tmp_path / "a.json", json.dumps({"delivered_on": stated}).encode())
    (item,) = desk(tmp_path).poll()
    assert "delivered_on" not in item.facts
    assert item.facts[PROBLEM].startswith("its delivery date")
    assert item.received_at and item.received_at <= datetime.now(UTC)


def test_the_samples_are_read() -> None:
    bench = desk(SAMPLES / "post")
    bench.clock.ahead = max(timedelta(), datetime(2026, 11, 25, tzinfo=UTC) - datetime.now(UTC))
    items = bench.poll()
    assert len(items) == 4
    assert all(item.problem is None and "delivered_on" in item.facts for item in items)


@pytest.mark.slow
def test_a_stack_is_divided_at_its_separator_sheets(tmp_path: Path) -> None:
    sheet = separator_sheet()
    body = joined(sheet, LETTER, sheet, sheet, TWO_PAGES, empty(), sheet, LETTER)
    put(tmp_path / "2026-11-23" / "stack.pdf", body)
    bench = desk(tmp_path, batches="separator", after="move")
    bench.clock.ahead = timedelta(days=30)
    items = bench.poll()
    assert [item.facts["pages"] for item in items] == ["2-2", "5-7", "9-9"]
    assert [pages_of(item.body) for item in items] == [1, 3, 1]
    assert len({item.source_key for item in items}) == 3
    assert {item.facts["batch"] for item in items} == {items[0].source_key.rpartition("#")[0]}
    assert (tmp_path / "processed/2026-11-23/stack.pdf").read_bytes() == body
    again = bench.channel.fetch_again(items[1].source_key)
    assert (again.facts, pages_of(again.body)) == (items[1].facts, 3)
    with pytest.raises(Refused):
        bench.channel.fetch_again(items[1].source_key.replace("#p5-7", "#p1-9"))


@pytest.mark.slow
def test_the_pages_of_a_letter_are_what_was_scanned(tmp_path: Path) -> None:
    pages = [Image.effect_noise((827, 1169), 90).convert("1", dither=0) for _ in range(2)]
    sheet = Image.open(io.BytesIO(separator_sheet("png"))).resize((827, 1169)).convert("1")
    put(tmp_path / "stack.tif", tiff(pages[0], sheet, pages[1]))
    first, second = desk(tmp_path, batches="separator").poll()
    for item, page in zip((first, second), pages, strict=True):
        image = Image.open(io.BytesIO(item.body))
        assert image.tobytes() == page.tobytes()
        assert image.info["dpi"] == (200, 200)


def test_a_stack_is_divided_at_its_empty_pages(tmp_path: Path) -> None:
    put(tmp_path / "stack.pdf", joined(empty(), LETTER, empty(), empty(), TWO_PAGES, empty()))
    items = desk(tmp_path, batches="blank").poll()
    assert [item.facts["pages"] for item in items] == ["2-2", "5-6"]


def test_a_file_without_separators_stays_as_it_is(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf", TWO_PAGES)
    put(tmp_path / "b.jpg", (SAMPLES / "post/saglik-itiraz.jpg").read_bytes())
    items = desk(tmp_path, batches="separator").poll()
    assert TWO_PAGES in [item.body for item in items]
    assert all(item.facts == {} and item.problem is None for item in items)


def test_a_stack_of_nothing_but_separators_is_counted(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf", joined(separator_sheet(), separator_sheet()))
    (delivery,) = desk(tmp_path, batches="separator").channel.read({})
    assert (delivery.items, len(delivery.refusals)) == ([], 1)


@pytest.mark.slow
@pytest.mark.parametrize("body", [b"%PDF-1.7\n%%EOF\n", b"%PDF-1.7\n" + b"(" * 50_000 + b"\n%%EOF"])
def test_a_stack_that_cannot_be_opened_lands_whole_with_a_problem(
    tmp_path: Path, body: bytes
) -> None:
    put(tmp_path / "a.pdf", body)
    put(tmp_path / "b.pdf", LETTER)
    items = desk(tmp_path, batches="separator").poll()
    assert sorted(item.problem or "" for item in items) == [
        "",
        "stack not divided: it cannot be opened",
    ]
    assert body in [item.body for item in items]


def test_a_page_of_absurd_size_harms_nobody(tmp_path: Path) -> None:
    stack = pypdfium2.PdfDocument.new()
    for size in ((595, 842), (1, 200_000), (200_000, 200_000)):
        stack.new_page(*size)
    out = io.BytesIO()
    stack.save(out)
    put(tmp_path / "a.pdf", out.getvalue())
    (item,) = desk(tmp_path, batches="separator").poll()
    assert item.problem is None


@pytest.mark.slow
def test_a_stack_of_very_many_letters_comes_in_several_deliveries(tmp_path: Path) -> None:
    page = Image.new("1", (413, 585), 1)
    ImageDraw.Draw(page).rectangle((100, 100, 300, 300), 0)
    blank = Image.new("1", (413, 585), 1)
    put(tmp_path / "stack.tif", tiff(*[page, blank] * (MAX_ITEMS + 20)))
    bench = desk(tmp_path, batches="blank")
    deliveries: list[Delivery] = list(bench.channel.read({}))
    assert [len(delivery.items) for delivery in deliveries] == [MAX_ITEMS, 20]
    assert [delivery.checkpoint is None for delivery in deliveries] == [True, False]


@pytest.mark.slow
def test_dividing_ends_when_we_are_to_stop_and_comes_again(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf", joined(LETTER, separator_sheet(), LETTER))
    bench = desk(tmp_path, batches="separator")
    looks = iter([False])  # let the file be read; the next look comes while it is divided
    bench.stopping = lambda: next(looks, True)
    bench.restart()
    assert bench.poll() == []
    bench.stopping = lambda: False
    bench.restart()
    assert len(bench.poll()) == 2


@pytest.mark.parametrize(
    ("kinds", "mode", "expected"),
    [
        ("", "separator", []),
        ("ppp", "separator", [(1, 3)]),
        ("sppspsp", "separator", [(2, 3), (5, 5), (7, 7)]),
        ("sbpbsbp", "separator", [(3, 4), (7, 7)]),
        ("pbp", "separator", [(1, 3)]),
        ("pbbpsp", "blank", [(1, 1), (4, 4), (6, 6)]),
        ("bbb", "blank", []),
        ("sss", "separator", []),
    ],
)
def test_pages_become_letters(kinds: str, mode: str, expected: list[tuple[int, int]]) -> None:
    names = {"p": "page", "b": "blank", "s": "separator"}
    assert ranges([names[kind] for kind in kinds], mode) == expected  # type: ignore[arg-type,misc]
