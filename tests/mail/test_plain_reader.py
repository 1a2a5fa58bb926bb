"""The reader of plain texts (web forms, phone notes, plugins)."""

from mail_reading import ARRIVED, options

from ingest.contract import RawItem
from normalizers.plain import MAX_TEXT, READER
from normalizers.schema import Message


def read(body: bytes, **facts: str) -> Message:
    item = RawItem("form:1", "text", body, received_at=ARRIVED, facts=facts)
    return READER.read(item, options()).message


def test_a_text_becomes_a_message_with_its_identifiers() -> None:
    result = read("34 ABC 123 plakalı aracım.\r\nTel: 0555 000 12 34\r\n".encode())
    assert result.kind == "text"
    assert result.text == "34 ABC 123 plakalı aracım.\nTel: 0555 000 12 34"
    assert result.received_at == ARRIVED
    assert [p.value for p in result.identifiers.phone] == ["+905550001234"]
    assert [p.value for p in result.identifiers.plate] == ["34ABC123"]


def test_facts_name_the_sender() -> None:
    sender = read(
        b"x",
        sender_name=" Ali  Veli\n",
        sender_email="Ali@Example.test",
        sender_phone="0555 000 12 34",
        sender_handle="x:@ali",
    ).sender
    assert sender.model_dump() == {
        "name": "Ali Veli",
        "email": "ali@example.test",
        "phone": "+905550001234",
        "handle": "x:@ali",
    }


def test_a_number_that_is_no_telephone_stays_as_it_was() -> None:
    assert read(b"x", sender_phone="1234").sender.phone == "1234"
    assert read(b"x", sender_phone="").sender.phone is None


def test_the_subject_is_the_first_line_once() -> None:
    assert read(b"Metin", subject="Konu").text == "Konu\n\nMetin"
    assert read(b"Konu\n\nMetin", subject="Konu").text == "Konu\n\nMetin"
    assert read(b"", subject="Konu").text == "Konu"


def test_turkish_bytes_in_any_charset_and_broken_text_are_mended() -> None:
    assert read("şikâyet ığdır".encode("cp1254")).text == "şikâyet ığdır"
    assert read("MÃ¼ÅŸteri ÅŸikÃ¢yeti".encode()).text == "Müşteri şikâyeti"


def test_control_characters_are_dropped_and_length_is_bounded() -> None:
    assert read(b"a\x00b\x07c").text == "abc"
    result = read(b"a" * (MAX_TEXT + 1))
    assert len(result.text) == MAX_TEXT
    assert result.warnings
