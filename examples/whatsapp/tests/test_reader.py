"""From a post to the one schema."""

from pathlib import Path
from typing import Any

import pytest
from basvuru.plugin import Message, RawItem, Reading

from basvuru_whatsapp.items import items
from basvuru_whatsapp.reader import read_media, read_message
from basvuru_whatsapp.standin import post_of
from opening import NOW

SAMPLES = Path(__file__).parents[1] / "src" / "basvuru_whatsapp" / "samples"
NO_OPTIONS: Any = None
"""These readers need none."""


def message(kind: str, **content: Any) -> dict[str, Any]:
    text = {"from": "905550001234", "id": "wamid.MADE-UP-1", "timestamp": "1770000000"}
    return {**text, "type": kind, **content}


def read(row: dict[str, Any]) -> Message:
    item = next(items(post_of(row).body))
    return read_message(item, NO_OPTIONS).message


def test_a_text_is_read_with_its_sender_and_what_stands_in_it() -> None:
    got = read(message("text", text={"body": "Poliçem için 0555 000 12 34 numarasını arayın"}))
    assert got.kind == "whatsapp"
    assert got.text.startswith("Poliçem için")
    assert (got.sender.phone, got.sender.name) == ("+905550001234", "Zzelda Örnekoğlu")
    assert [phone.value for phone in got.identifiers.phone] == ["+905550001234"]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (message("image", image={"id": "1", "caption": "Tampon"}), "Tampon"),
        (message("audio", audio={"id": "1"}), "[Sesli mesaj]"),
        (message("button", button={"text": "Evet"}), "Evet"),
        (message("interactive", interactive={"list_reply": {"title": "Hasar"}}), "Hasar"),
        (
            message("location", location={"latitude": 41.0, "longitude": 29.0, "name": "Servis"}),
            "Servis (41.000000, 29.000000)",
        ),
        (message("order"), "[Desteklenmeyen mesaj]"),
    ],
)
def test_every_kind_of_message_says_something(row: dict[str, Any], text: str) -> None:
    assert read(row).text == text


def test_each_message_of_a_post_is_found_by_its_item() -> None:
    rows = [message("text", text={"body": f"Mesaj {n}"}) | {"id": f"wamid.{n}"} for n in (1, 2)]
    texts = [read_message(item, NO_OPTIONS).message.text for item in items(post_of(*rows).body)]
    assert texts == ["Mesaj 1", "Mesaj 2"]


def test_a_file_becomes_an_attachment_of_its_sender() -> None:
    row = message(
        "document",
        document={"id": "1", "filename": "../dilekçe.pdf", "mime_type": "application/pdf"},
    )
    _, landed = items(post_of(row).body)
    fetched = RawItem(landed.source_key, landed.kind, b"%PDF", NOW, landed.facts)
    reading = read_media(fetched, NO_OPTIONS)
    [(attachment, data)] = reading.parts
    assert (attachment.name, attachment.content_type, data) == (
        "dilekçe.pdf",
        "application/pdf",
        b"%PDF",
    )
    assert reading.message.sender.phone == "+905550001234"


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", post_of().body])
def test_what_is_no_message_is_an_error_and_no_crash(body: bytes) -> None:
    reading: Reading = read_message(RawItem("k", "whatsapp", body), NO_OPTIONS)
    assert reading.message.error


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_every_sample_is_read_from_its_file_alone(sample: Path) -> None:
    got = read_message(RawItem(sample.name, "whatsapp", sample.read_bytes()), NO_OPTIONS).message
    assert got.error is None and got.text and got.sender.phone == "+905550001234"


def test_there_are_samples() -> None:
    assert len(list(SAMPLES.glob("*.json"))) >= 3
