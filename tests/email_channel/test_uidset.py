"""Sets of message numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.channels.email.uidset import NOTHING, UidSet

uids = st.sets(st.integers(1, 60))


@given(uids, uids)
def test_it_behaves_like_a_set(left: set[int], right: set[int]) -> None:
    one, other = UidSet.of(left), UidSet.of(right)
    assert {n for n in range(70) if n in one} == left
    assert {n for n in range(70) if n in one | other} == left | right
    assert UidSet.parse(str(one)) == one
    assert one.highest == max(left, default=0)


@given(uids, st.integers(1, 60), st.integers(1, 60))
def test_a_range_adds_all_its_numbers(numbers: set[int], low: int, high: int) -> None:
    joined = UidSet.of(numbers).through(low, high)
    assert joined == UidSet.of(numbers | set(range(low, high + 1)))


@given(uids)
def test_the_complement_is_all_the_rest(numbers: set[int]) -> None:
    rest = UidSet.parse(UidSet.of(numbers).complement().replace("*", "70"))
    assert {n for n in range(1, 71) if n in rest} == set(range(1, 71)) - numbers


def test_it_is_written_as_few_ranges() -> None:
    assert str(UidSet.of([5, 1, 2, 3, 9])) == "1:3,5,9"
    assert str(UidSet.parse("1:3,4,5:9")) == "1:9"
    assert str(NOTHING) == ""
    assert NOTHING.complement() == "1:*"


@pytest.mark.parametrize("text", ["0", "5:1", "1:x", "-3", "1:99999999999", ":"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        UidSet.parse(text)
