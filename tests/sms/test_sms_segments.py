"""Lengths and cuts. The vectors were counted with an independent codec of 3GPP TS 23.038."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.sms.alphabets import SEPTETS, Encoding
from cases.sms.segments import LIMITS, best, measure, split
from cases.sms.userdata import user_data

GSM7, LOCKING = Encoding.GSM7, Encoding.TURKISH_LOCKING
SINGLE, UCS2 = Encoding.TURKISH_SINGLE, Encoding.UCS2
COLUMNS = (GSM7, SINGLE, LOCKING, UCS2)

RECEIVED = (
    "Sayın müşterimiz, başvurunuz 26417-39025 numarası ile kayda alınmıştır. "
    "En kısa sürede sonuç hakkında bilgi verilecektir. Ornek Sigorta"
)
RECEIVED_ASCII = (
    "Sayin musterimiz, basvurunuz 26417-39025 numarasi ile kayda alinmistir. "
    "En kisa surede sonuc hakkinda bilgi verilecektir. Ornek Sigorta"
)

# text, then units and parts in GSM-7, Turkish single shift, Turkish locking shift, UCS-2
VECTORS = [
    (RECEIVED, None, (146, 1), (135, 1), (135, 3)),
    (RECEIVED_ASCII, (135, 1), (135, 1), (135, 1), (135, 3)),
    (
        "Başvurunuz alındı. No: 26417-39025. Ornek Sigorta 0850 000 00 00",
        None, (67, 1), (64, 1), (64, 1),
    ),
    (
        "Şikâyetiniz 26417-39025 numarası ile kayda alınmıştır. Ornek Sigorta 0850 000 00 00",
        None, None, None, (83, 2),
    ),
    ("a" * 160, (160, 1), (160, 2), (160, 2), (160, 3)),
    ("a" * 161, (161, 2), (161, 2), (161, 2), (161, 3)),
    ("a" * 306, (306, 2), (306, 3), (306, 3), (306, 5)),
    ("a" * 307, (307, 3), (307, 3), (307, 3), (307, 5)),
    ("ş" * 70, None, (140, 1), (70, 1), (70, 1)),
    ("ş" * 71, None, (142, 1), (71, 1), (71, 2)),
    ("ş" * 77, None, (154, 1), (77, 1), (77, 2)),
    ("ş" * 78, None, (156, 2), (78, 1), (78, 2)),
    ("ş" * 155, None, (310, 3), (155, 1), (155, 3)),
    ("ş" * 156, None, (312, 3), (156, 2), (156, 3)),
    ("ş" * 298, None, (596, 5), (298, 2), (298, 5)),
    ("ş" * 299, None, (598, 5), (299, 3), (299, 5)),
    ("a" * 159 + "€", (161, 2), (161, 2), (160, 2), (160, 3)),
    ("a" * 152 + "[" + "a" * 10, (164, 2), (164, 2), (164, 2), (163, 3)),
    ("😀" * 35, None, None, None, (70, 1)),
    ("😀" * 36, None, None, None, (72, 2)),
    ("ç" * 134, None, (268, 2), (134, 1), (134, 2)),
    ("ç" * 135, None, (270, 2), (135, 1), (135, 3)),
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector[0][:6]}x{len(vector[0])}")
def test_units_and_parts_are_those_of_the_vectors(vector: tuple[object, ...]) -> None:
    text, *expected = vector
    found = [measure(str(text), encoding) for encoding in COLUMNS]
    assert [size and (size.units, size.parts) for size in found] == expected


@pytest.mark.parametrize(
    ("text", "turkish", "encoding"),
    [
        ("Basvurunuz alindi", True, GSM7),
        ("Müşteri", True, LOCKING),
        ("Müşteri", False, UCS2),
        ("ş ve ø", True, SINGLE),
        ("şikâyet", True, UCS2),
        ("ÇÖÜöü", True, GSM7),
        ("ç", True, LOCKING),
    ],
)
def test_the_plainest_encoding_that_carries_a_text_is_best(
    text: str, turkish: bool, encoding: Encoding
) -> None:
    assert best(text, turkish=turkish).encoding is encoding


def test_an_empty_text_is_one_part() -> None:
    assert measure("", GSM7) == best("")
    assert split("", GSM7) == ("",)


def test_what_is_no_text_is_refused() -> None:
    assert measure("\ud83d", UCS2) is None
    with pytest.raises(ValueError, match="surrogate"):
        best("a\ud83d")
    with pytest.raises(ValueError, match="lacks"):
        split("ş", GSM7)


def test_an_escape_pair_is_not_cut() -> None:
    first, second = split("a" * 152 + "[" + "a" * 10, GSM7)
    assert (first, second) == ("a" * 152, "[" + "a" * 10)


def test_a_surrogate_pair_is_not_cut() -> None:
    first, second = split("a" * 66 + "😀" * 5, UCS2)
    assert (first, second) == ("a" * 66, "😀" * 5)


def _texts(encoding: Encoding) -> st.SearchStrategy[str]:
    if encoding is UCS2:
        letters = st.sampled_from("aşI😀é漢") | st.characters(exclude_categories=["Cs"])
    else:
        letters = st.sampled_from(sorted(SEPTETS[encoding]))
    return st.lists(letters, max_size=500).map("".join)


any_text = st.sampled_from(COLUMNS).flatmap(
    lambda encoding: st.tuples(_texts(encoding), st.just(encoding))
)


@given(any_text)
def test_the_parts_are_the_text_and_each_fits(case: tuple[str, Encoding]) -> None:
    text, encoding = case
    parts = split(text, encoding)
    size = measure(text, encoding)
    limit = LIMITS[encoding].single if len(parts) == 1 else LIMITS[encoding].part
    measured = [measure(part, encoding) for part in parts]
    assert "".join(parts) == text
    assert size is not None
    assert size.parts == len(parts)
    assert all(part is not None and part.units <= limit for part in measured)


@given(any_text)
def test_no_part_could_take_the_first_letter_of_the_next(case: tuple[str, Encoding]) -> None:
    text, encoding = case
    parts = split(text, encoding)
    for part, following in pairwise(parts):
        longer = measure(part + following[0], encoding)
        assert longer is not None
        assert longer.units > LIMITS[encoding].part


@given(any_text)
def test_user_data_never_outgrows_140_octets_over_the_air(case: tuple[str, Encoding]) -> None:
    text, encoding = case
    for octets in user_data(text, encoding, reference=7):
        assert _octets_over_the_air(octets, encoding, text) <= 140


def _octets_over_the_air(data: bytes, encoding: Encoding, text: str) -> int:
    """As the SMSC packs it: seven bits a septet, which begin on a septet boundary."""
    if encoding is UCS2:
        return len(data)
    has_header = len(split(text, encoding)) > 1 or encoding is not GSM7
    header = data[0] + 1 if has_header else 0
    septets = -(-header * 8 // 7) + len(data) - header
    return -(-septets * 7 // 8)


def test_user_data_of_one_plain_part_is_bare() -> None:
    assert user_data("@a€", GSM7, reference=1) == (b"\x00a\x1be",)


def test_user_data_of_several_parts_says_which_is_which() -> None:
    first, second = user_data("a" * 161, GSM7, reference=0x1FE)
    assert first == b"\x05\x00\x03\xfe\x02\x01" + b"a" * 153
    assert second == b"\x05\x00\x03\xfe\x02\x02" + b"a" * 8


def test_user_data_names_the_national_table() -> None:
    assert user_data("ş", LOCKING, reference=1) == (b"\x03\x25\x01\x01\x1d",)
    assert user_data("ş", SINGLE, reference=1) == (b"\x03\x24\x01\x01\x1bs",)
    assert user_data("ş" * 156, LOCKING, reference=9)[1] == (
        b"\x08\x00\x03\x09\x02\x02\x25\x01\x01" + b"\x1d" * 7
    )


def test_user_data_in_ucs2_is_big_endian() -> None:
    assert user_data("ş😀", UCS2, reference=1) == (b"\x01\x5f\xd8\x3d\xde\x00",)


def test_more_parts_than_a_header_can_count_are_refused() -> None:
    assert len(user_data("a" * 153 * 255, GSM7, reference=1)) == 255
    with pytest.raises(ValueError, match="255"):
        user_data("a" * (153 * 255 + 1), GSM7, reference=1)
