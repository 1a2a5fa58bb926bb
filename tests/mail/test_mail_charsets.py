"""Charsets and Turkish: cases 30 to 35 of the list of what real mail does."""

import quopri
import unicodedata

import pytest
from mail_reading import facts, mail, message

TURKISH = "Sayın yetkili, İstanbul'da ığdır şubesi müşterisiyim. Çağrı ÖĞÜŞ."


def encoded(text: str, charset: str, label: str | None) -> bytes:
    declared = f"; charset={label}" if label else ""
    return mail(text.encode(charset), f"Content-Type: text/plain{declared}")


@pytest.mark.parametrize("label", ["x-turk-8", "unknown-8bit", "", "'", "utf-99", "idna", "zlib"])
def test_an_unknown_charset_name_loses_nothing(label: str) -> None:
    assert message(encoded(TURKISH, "utf-8", label)).text == TURKISH
    assert message(encoded(TURKISH, "cp1254", label)).text == TURKISH


@pytest.mark.parametrize("label", ["us-ascii", "iso-8859-1", "utf-8", "windows-1252", None])
@pytest.mark.parametrize("charset", ["utf-8", "cp1254"])
def test_turkish_under_a_wrong_label_or_none_is_read(charset: str, label: str | None) -> None:
    assert message(encoded(TURKISH, charset, label)).text == TURKISH


@pytest.mark.parametrize(
    "label", ["iso-8859-9", "latin5", "windows-1254", "ISO_8859-9", "cp1254", "x-cp1254"]
)
def test_bytes_of_windows_1254_outside_iso_8859_9_are_kept(label: str) -> None:
    text = "Fiyat 100 € “tamam” – şikâyet…"
    assert message(encoded(text, "cp1254", label)).text == text


@pytest.mark.parametrize(
    ("label", "codec"),
    [("x-mac-turkish", "mac_turkish"), ("ibm857", "cp857"), ("latin-5", "cp1254")],
)
def test_other_names_of_turkish_charsets_are_known(label: str, codec: str) -> None:
    assert message(encoded("şikâyet ığdır İZMİR Ğ", codec, label)).text == "şikâyet ığdır İZMİR Ğ"


def test_decomposed_letters_are_composed_and_dotted_ones_stay_apart() -> None:
    text = unicodedata.normalize("NFD", "İşık çğöü ve I ı İ i")
    assert message(encoded(text, "utf-8", "utf-8")).text == "İşık çğöü ve I ı İ i"


def test_decomposed_letters_in_a_subject_are_composed() -> None:
    subject = unicodedata.normalize("NFD", "Şikâyetim")
    assert facts(mail("x", subject=subject)).subject == "Şikâyetim"


def test_a_stray_byte_does_not_spoil_the_text_around_it() -> None:
    data = mail("Sayın yetkili, şikâyet: ".encode() + b"\xff" + " ve ığdır".encode())
    text = message(data).text
    assert text.startswith("Sayın yetkili, şikâyet: ")
    assert text.endswith(" ve ığdır")
    assert len(text) == len("Sayın yetkili, şikâyet: ? ve ığdır")


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-9"])
def test_a_charset_may_stand_in_the_html_only(charset: str) -> None:
    markup = (
        f'<html><head><meta charset="{charset}"></head><body>şikâyet &#351; &ouml;</body></html>'
    )
    data = mail(markup.encode(charset), "Content-Type: text/html")
    assert message(data).text == "şikâyet ş ö"


@pytest.mark.parametrize(
    ("charset", "label", "text"),
    [
        ("iso2022_jp_2", "iso-2022-jp", "保険の苦情です"),
        ("cp949", "ks_c_5601-1987", "보험 불만"),
        ("gb18030", "gb18030", "关于保险的投诉"),
        ("gb18030", "gb2312", "關於保險"),
        ("utf-7", "utf-7", "Şikâyet hakkında"),
        ("utf-16", "utf-16", "Şikâyet hakkında"),
        ("koi8-r", "koi8-r", "Жалоба на страховку"),
    ],
)
def test_charsets_of_other_lands_are_read(charset: str, label: str, text: str) -> None:
    assert message(encoded(text, charset, label)).text == text


def test_seven_bit_japanese_inside_quoted_printable_is_read() -> None:
    body = quopri.encodestring("保険の苦情です".encode("iso-2022-jp"))
    data = mail(
        body,
        "Content-Type: text/plain; charset=iso-2022-jp",
        "Content-Transfer-Encoding: quoted-printable",
    )
    assert message(data).text == "保険の苦情です"


def test_a_turkish_subject_in_any_encoding_reads_the_same() -> None:
    for subject in ("=?iso-8859-9?Q?=DEik=E2yet?=", "=?utf-8?B?xZ5pa8OieWV0?=", "Şikâyet"):
        assert facts(mail("x", subject=subject)).subject == "Şikâyet"


def test_a_nul_in_the_text_is_dropped_since_no_database_takes_it() -> None:
    assert message(mail("a\x00b")).text == "ab"
