"""Check digits: vectors that other implementations agree on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.text import checks

digits = st.text("0123456789", min_size=1, max_size=12)


@pytest.mark.parametrize(
    "number",
    [
        "10000000146",
        "12345678950",
        "98765432150",
        "24567890102",
        "36159280420",
        "99123456740",
        "10000000214",
        "50000000050",
        "98700000048",
    ],
)
def test_identity_numbers_that_are_right(number: str) -> None:
    assert checks.tckn_ok(number)


@pytest.mark.parametrize(
    "number",
    [
        "10000000145",
        "00000000000",
        "11111111111",
        "01234567890",
        "12345678901",
        "1000000014",
        "100000001466",
        "١٠٠٠٠٠٠٠١٤٦",
        "abcdefghijk",
    ],
)
def test_identity_numbers_that_are_wrong(number: str) -> None:
    assert not checks.tckn_ok(number)


@pytest.mark.parametrize("digit", "123456789")
def test_identity_numbers_of_one_digit_pass_the_check_and_are_dummies(digit: str) -> None:
    number = digit * 10 + "0"
    assert checks.tckn_ok(number) and checks.tckn_is_dummy(number)


def test_the_best_known_sample_number_is_a_dummy_and_an_ordinary_one_is_not() -> None:
    assert checks.tckn_is_dummy("10000000146")
    assert not checks.tckn_is_dummy("24567890102")


@pytest.mark.parametrize(
    "number", ["0001112226", "1111111114", "1234567890", "0000000019", "7540652985"]
)
def test_tax_numbers_that_are_right(number: str) -> None:
    assert checks.vkn_ok(number)
    last = (int(number[9]) + 1) % 10
    assert not checks.vkn_ok(f"{number[:9]}{last}") and not checks.vkn_ok(number[:9])


@pytest.mark.parametrize(
    "number",
    ["TR330006100519786457841326", "TR180006200119000006672315", "TR420001000000000000000001"],
)
def test_ibans_that_are_right(number: str) -> None:
    assert checks.iban_ok(number)
    assert not checks.iban_ok(number[:-1] + "9")
    assert not checks.iban_ok("DE" + number[2:]) and not checks.iban_ok(number[:-1])


@pytest.mark.parametrize(
    "plate",
    ["34ABC123", "34ABC12", "06A1234", "06A12345", "35AB1234", "35AB123", "81ab123", "34 ABC-12.3"],
)
def test_plates_that_are_right(plate: str) -> None:
    assert checks.plate_ok(plate)


@pytest.mark.parametrize("plate", ["00AB123", "82AB123", "34ABC1234", "34Ç1234", "34AB12", "34ABC"])
def test_plates_that_are_wrong(plate: str) -> None:
    assert not checks.plate_ok(plate)


@pytest.mark.parametrize(
    ("number", "check"),
    [
        ("264173902", 7),
        ("260000001", 4),
        ("260000123", 2),
        ("269999999", 8),
        ("270000001", 7),
        ("261234567", 7),
    ],
)
def test_damm_vectors(number: str, check: int) -> None:
    assert checks.damm_digit(number) == check
    assert checks.damm_ok(f"{number}{check}")


@given(digits, st.data())
def test_damm_finds_every_wrong_digit_and_every_swap_of_neighbours(
    number: str, data: st.DataObject
) -> None:
    whole = f"{number}{checks.damm_digit(number)}"
    at = data.draw(st.integers(0, len(whole) - 2))
    other = data.draw(st.sampled_from("0123456789"))
    wrong = whole[:at] + other + whole[at + 1 :]
    swapped = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]
    assert checks.damm_ok(wrong) == (wrong == whole)
    assert checks.damm_ok(swapped) == (swapped == whole)


def test_application_number_needs_ascii_digits() -> None:
    assert checks.damm_ok("2619943644")
    assert not checks.damm_ok("26-1994-3644") and not checks.damm_ok("")
