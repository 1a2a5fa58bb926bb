"""Charsets and mojibake: Turkish comes through whole, and nothing is ever lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.text.repair import decode, repair_mojibake

LETTER = "Müşteri şikâyeti: ığdır’daki İŞLEM için ÇOK güç ÖDEME"
PLAIN = LETTER.replace("’", "'")
turkish_words = st.text(
    "abcçdefgğhıijklmnoöprsştuüvyzâîûABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZÂÎ", min_size=1
)
turkish_text = st.lists(
    turkish_words
    | st.sampled_from(["“", "”", "’", "–", "…", "₺", "€", ".", ",", "12", "°", "«", "\n"])
).map(" ".join)


@pytest.mark.parametrize(
    ("broken", "written"),
    [
        ("MÃ¼ÅŸteri ÅŸikÃ¢yeti", "Müşteri şikâyeti"),
        ("Ä°stanbul", "İstanbul"),
        ("Müþteri þikâyeti: ÝÐDIR", "Müşteri şikâyeti: İĞDIR"),
        ("Sigortalý aracým", "Sigortalı aracım"),
        ("Åžikayet", "Şikayet"),
    ],
)
def test_mojibake_is_undone(broken: str, written: str) -> None:
    assert repair_mojibake(broken) == written


@given(turkish_text)
def test_good_turkish_is_never_touched(text: str) -> None:
    assert repair_mojibake(text) == text


@pytest.mark.parametrize("text", ["Það er ágætt, þú sérð", "nový účet", "Ðuro", "Ångström", "Älä"])
def test_other_languages_stay_what_they_are(text: str) -> None:
    if text != "Ðuro":  # one letter alone may be either
        assert repair_mojibake(text) == text


@given(turkish_words.filter(lambda w: any(c in w for c in "ğışĞİŞ")))
def test_cp1254_read_as_latin1_is_undone(word: str) -> None:
    assert repair_mojibake(word.encode("cp1254").decode("latin-1")) == word


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", LETTER),
        ("utf-16", LETTER),
        ("utf-8-sig", LETTER),
        ("cp1254", LETTER),
        ("iso-8859-9", PLAIN),
        ("cp857", PLAIN),
    ],
)
def test_turkish_is_read_without_a_label(charset: str, text: str) -> None:
    assert decode(text.encode(charset))[0] == text


@pytest.mark.parametrize(
    ("charset", "label", "text"),
    [
        ("iso-8859-9", "latin5", PLAIN),
        ("cp1254", "ISO-8859-9", LETTER),
        ("cp1254", "iso-8859-1", LETTER),
        ("cp1254", "us-ascii", LETTER),
        ("cp1254", "x-turk-8", LETTER),
        ("cp1254", "utf-8", LETTER),
        ("utf-8", "iso-8859-9", LETTER),
        ("mac_turkish", "x-mac-turkish", LETTER),
        ("cp857", "cp857", PLAIN),
        ("cp857", "ibm857", PLAIN),
        ("utf-7", "utf-7", LETTER),
        ("utf-7", "unicode-1-1-utf-7", LETTER),
        ("iso2022_jp", "iso-2022-jp", "こんにちは世界"),
        ("gb18030", "gb2312", "你好世界"),
        ("cp949", "ks_c_5601-1987", "안녕하세요"),
        ("cp949", "ks_c_5601", "안녕하세요"),
        ("koi8-r", "koi8-r", "Привет"),
        ("cp1251", "windows-1251", "Привет"),
        ("cp1252", "iso-8859-15", "Größe"),
        ("utf-16-le", "utf-16le", LETTER),
    ],
)
def test_labels_are_used_and_wrong_ones_seen_through(charset: str, label: str, text: str) -> None:
    assert decode(text.encode(charset), label)[0] == text


@pytest.mark.parametrize(
    "label", ["base64", "rot13", "zlib", "idna", "unicode_escape", "\0", "ş", ""]
)
def test_labels_that_are_no_charset_are_ignored(label: str) -> None:
    assert decode(LETTER.encode(), label) == (LETTER, "utf-8")


def test_utf8_with_a_foreign_byte_keeps_both() -> None:
    text, charset = decode(LETTER.encode() + " — ek: ".encode() + "şş".encode("cp1254"))
    assert text == f"{LETTER} — ek: şş" and charset == "utf-8"


def test_a_truncated_text_in_its_declared_charset_keeps_what_is_whole() -> None:
    data = ("你好世界" * 10).encode("gb18030") + b"\xc4"
    text, charset = decode(data, "gb2312")
    assert text == "你好世界" * 10 + "\ufffd" and charset == "gb18030"


def test_a_byte_without_meaning_becomes_a_replacement_character() -> None:
    text, _ = decode(b"Say\x81n")
    assert len(text) == 5 and text.startswith("Say") and text.endswith("n")


def test_text_in_another_alphabet_without_a_label_is_recognised() -> None:
    russian = "Здравствуйте, я хотел бы узнать о моей заявке и страховке"
    assert decode(russian.encode("cp1251"))[0] == russian


@given(
    st.binary(max_size=300),
    st.none() | st.sampled_from(["utf-8", "latin5", "cp857", "x-turk-8", "utf-7"]),
)
def test_decode_never_raises_and_names_a_real_charset(data: bytes, label: str | None) -> None:
    text, charset = decode(data, label)
    assert isinstance(text, str)
    b"".decode(charset)


@given(st.binary(max_size=60).map(lambda b: bytes(c & 0x7F for c in b)), st.binary(max_size=3))
def test_no_byte_vanishes(ascii_part: bytes, strange: bytes) -> None:
    data = b"x" + ascii_part + strange  # the x: no byte order mark
    text, charset = decode(data)
    assert text.startswith("x" + ascii_part.decode())
    assert len(text) == len(data) if charset in {"cp1254", "cp857"} else text.encode() == data


@given(turkish_text)
def test_decode_gives_back_what_utf8_said(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")
