"""Sets of message numbers as few ranges, in the notation of IMAP (RFC 9051 ``sequence-set``).

``1:500,900:1000`` says in a dozen characters which of a million mails were read; that is what
stands in the checkpoint.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

Range = tuple[int, int]

LARGEST_UID = 2**32 - 1


@dataclass(frozen=True, slots=True)
class UidSet:
    """An immutable set of positive integers. ``ranges`` are sorted, disjoint and not adjacent."""

    ranges: tuple[Range, ...] = ()

    @classmethod
    def of(cls, uids: Iterable[int]) -> "UidSet":
        return cls(_merged((uid, uid) for uid in uids))

    @classmethod
    def parse(cls, text: str) -> "UidSet":
        """Read what ``str`` wrote. Raises ValueError on anything else."""
        ranges = []
        for part in filter(None, text.split(",")):
            low, _, high = part.partition(":")
            ranges.append((int(low), int(high or low)))
            if not 0 < ranges[-1][0] <= ranges[-1][1] <= LARGEST_UID:
                raise ValueError("not a set of message numbers")
        return cls(_merged(ranges))

    def __str__(self) -> str:
        return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in self.ranges)

    def __contains__(self, uid: int) -> bool:
        place = bisect_right(self.ranges, (uid, LARGEST_UID + 1)) - 1
        return place >= 0 and uid <= self.ranges[place][1]

    def __or__(self, other: "UidSet") -> "UidSet":
        return UidSet(_merged((*self.ranges, *other.ranges)))

    def through(self, low: int, high: int) -> "UidSet":
        """With ``low`` to ``high``, both included; an empty range adds nothing."""
        return UidSet(_merged((*self.ranges, (low, high)))) if low <= high else self

    @property
    def highest(self) -> int:
        """The largest number, 0 when there is none."""
        return self.ranges[-1][1] if self.ranges else 0

    def complement(self) -> str:
        """Everything that is not in here, up to the newest mail: ``501:899,1001:*``."""
        gaps = []
        start = 1
        for low, high in self.ranges:
            if start < low:
                gaps.append(f"{start}:{low - 1}")
            start = high + 1
        return ",".join([*gaps, f"{start}:*"])


NOTHING = UidSet()


def _merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    out: list[Range] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return tuple(out)
