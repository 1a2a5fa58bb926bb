"""What a child says is not trusted: nonsense is a ValueError, and never a wait without end."""

import io
import json
import struct

import pytest

from workers.reading import frames


def frame(head: bytes, total: int = 0, bodies: bytes = b"") -> io.BytesIO:
    return io.BytesIO(struct.pack(">II", len(head), total) + head + bodies)


@pytest.mark.parametrize(
    ("head", "total"),
    [
        (b"[]", 0),
        (b"{}", 0),
        (b"not json", 0),
        (b"[" * 100_000, 0),
        (json.dumps({"bodies": [-1]}).encode(), 0),
        (json.dumps({"bodies": [True]}).encode(), 1),
        (json.dumps({"bodies": [5]}).encode(), 4),
        (json.dumps({"bodies": []}).encode(), 0),
    ],
)
def test_a_frame_that_makes_no_sense_is_refused(head: bytes, total: int) -> None:
    with pytest.raises(ValueError, match=r".+"):
        frames.read_reading(frame(head, total, b"x" * total))


def test_a_frame_that_is_cut_short_says_that_the_child_is_gone() -> None:
    with pytest.raises(EOFError):
        frames.read_reading(frame(json.dumps({"bodies": [9]}).encode(), 9, b"x"))
