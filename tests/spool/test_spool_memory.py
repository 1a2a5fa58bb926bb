"""What was delivered, as a checkpoint: arrival times are made by hand here."""

from ingest.spool.listing import Entry, printable
from ingest.spool.memory import RECENT, Memory, recall


def arrived(number: int, at: int) -> Entry:
    return Entry(f"{number}.txt", 10, 1_000 + number, at, 0o644)


MANY = [arrived(number, at=number) for number in range(3 * RECENT)]


def missing(known: Memory, entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry not in known]


def test_a_checkpoint_brings_back_what_was_delivered() -> None:
    for entries in ([], MANY[:5], MANY[:RECENT], MANY[: RECENT + 1], MANY):
        assert missing(recall(Memory(entries).checkpoint(), MANY), entries) == []


def test_a_file_that_came_later_is_new() -> None:
    new = arrived(9_999, at=10**6)
    known = recall(Memory(MANY).checkpoint(), [*MANY, new])
    assert missing(known, [*MANY, new]) == [new]


def test_a_file_that_slipped_in_before_the_mark_is_not_lost() -> None:
    """Its arrival lies before that of delivered files: a clock was set back, or the file system
    does not note a renaming."""
    slipped_in = arrived(9_999, at=RECENT // 2)
    known = recall(Memory(MANY).checkpoint(), [*MANY, slipped_in])
    assert slipped_in not in known
    assert missing(known, MANY[-RECENT:]) == []  # only the older ones come once more


def test_two_files_that_arrived_at_once_are_two() -> None:
    crowd = [arrived(number, at=7) for number in range(3 * RECENT)]
    half = sorted(crowd, key=lambda entry: entry.mark)[: 2 * RECENT]
    known = recall(Memory(half).checkpoint(), crowd)
    assert missing(known, half) == []
    assert len(missing(known, crowd)) == RECENT


def test_the_checkpoint_has_a_size_that_does_not_grow() -> None:
    assert len(str(Memory(MANY).checkpoint())) < 5_000


def test_different_names_are_printed_differently() -> None:
    names = ["a\\xe7", "a\udce7", "aç", "ac\u0327", "a\\\\xe7", "a\x07", "a\\u{0007}", "a\u202e"]
    assert len({printable(name) for name in names}) == len(names)
    assert all(printable(name).isprintable() for name in names)
