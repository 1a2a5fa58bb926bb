"""From a block of UIDs to raw items, in two FETCH commands, whatever single mails do.

One mail that cannot be had never holds up the others: what the server refuses while it gives its
neighbours lands as an entry with ``problem``. What breaks the connection, or is refused when it is
asked for alone, is tried again a few times, alone, and then lands as such an entry too.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.channels.email.faults import TEMPORARY, Broken, NotGiven
from ingest.channels.email.heads import FaxSorter, cut_head
from ingest.channels.email.session import Place, Session
from ingest.channels.email.settings import EmailSettings
from ingest.channels.email.wire import BODIES, HEAD_BYTES, HEADS, SIZES, Fetched
from ingest.contract import RawItem, Refusal
from ingest.errors import Later

BATCH_BYTES = 32_000_000
"""Bytes of one delivery; a single mail may be larger."""
TRIES = 4
"""Times that a mail may spoil a read before it is set aside."""

UNREADABLE = "unreadable at the source"


@dataclass(frozen=True, slots=True)
class Haul:
    """What came of a block. ``handled``: the UIDs that are done with, a prefix of the block.
    ``whole``: those of them that we hold byte for byte."""

    handled: Sequence[int]
    items: Sequence[RawItem] = ()
    refusals: Sequence[Refusal] = ()
    whole: Sequence[int] = ()


class Collector:
    """Fetches blocks. ``stem`` is the front of the source keys: ``INBOX/1700000000/``."""

    def __init__(self, session: Session, settings: EmailSettings) -> None:
        self._session = session
        self._limit = settings.max_bytes
        self._faxes = FaxSorter(settings)
        self._spoiled: Counter[str] = Counter()

    def collect(self, place: Place, stem: str, uids: Sequence[int]) -> Haul:
        """Take a prefix of ``uids``, in their order. Raises: Later, Misconfigured."""
        if self._spoiled[f"{stem}{uids[0]}"] >= TRIES:
            return Haul(uids[:1], [RawItem(f"{stem}{uids[0]}", "email", b"", problem=UNREADABLE)])
        block = self._before_suspects(stem, uids)
        keys = [f"{stem}{uid}" for uid in block]
        try:
            haul = self._collect(place, stem, block)
        except (Broken, NotGiven) as failure:
            if not _will_pass(failure):
                self._spoiled.update(keys)
            raise
        for key in keys:
            self._spoiled.pop(key, None)
        return haul

    def whole(self, place: Place, stem: str, uid: int) -> RawItem | None:
        """One mail without the limit, None when it is not there (any more)."""
        mail = self._session.fetch(place, [uid], BODIES).get(uid)
        return None if mail is None or mail.body is None else self._item(stem, mail, mail.body)

    def _before_suspects(self, stem: str, uids: Sequence[int]) -> Sequence[int]:
        """A block that spoiled a read holds a bad mail somewhere: its mails are taken singly."""
        suspect = [n for n, uid in enumerate(uids) if self._spoiled[f"{stem}{uid}"]]
        return uids[: max(1, suspect[0])] if suspect else uids

    def _collect(self, place: Place, stem: str, uids: Sequence[int]) -> Haul:
        sizes = self._fetch(place, uids, SIZES)
        handled = uids[: self._affordable(uids, sizes)]
        fitting = [uid for uid in handled if uid in sizes and sizes[uid].size <= self._limit]
        given = self._fetch(place, fitting, BODIES)
        bodies = {uid: mail.body for uid, mail in given.items() if mail.body is not None}
        there = self._session.still_there(place, [uid for uid in handled if uid not in bodies])
        heads = self._heads(place, there)
        items = [self._landed(stem, given[uid], body) for uid, body in sorted(bodies.items())]
        items += [self._entry(stem, heads.get(uid, Fetched(uid)), sizes.get(uid)) for uid in there]
        gone = [uid for uid in handled if uid not in bodies and uid not in there]
        refusals = [Refusal(f"{stem}{uid}", "gone before it could be read") for uid in gone]
        whole = [uid for uid, body in bodies.items() if len(body) <= self._limit]
        return Haul(handled, items, refusals, whole)

    def _affordable(self, uids: Sequence[int], sizes: Mapping[int, Fetched]) -> int:
        """How many of the first mails one delivery may hold: at least one."""
        total = 0
        for count, uid in enumerate(uids):
            size = sizes[uid].size if uid in sizes else 0
            total += size if size <= self._limit else HEAD_BYTES
            if total > BATCH_BYTES:
                return max(1, count)
        return len(uids)

    def _fetch(self, place: Place, uids: Sequence[int], items: str) -> Mapping[int, Fetched]:
        """One command; where the server refuses it, one for each mail. When it refuses them all,
        the server is the trouble rather than a mail, and NotGiven leaves."""
        try:
            return self._session.fetch(place, uids, items)
        except NotGiven as refusal:
            singly = {} if _will_pass(refusal) else self._singly(place, uids, items)
            if not singly:
                raise
            return singly

    def _singly(self, place: Place, uids: Sequence[int], items: str) -> dict[int, Fetched]:
        given: dict[int, Fetched] = {}
        for uid in uids if len(uids) > 1 else ():
            try:
                given |= self._session.fetch(place, [uid], items)
            except NotGiven:  # this one; the caller sees that it is missing
                continue
        return given

    def _heads(self, place: Place, uids: Sequence[int]) -> Mapping[int, Fetched]:
        try:
            return self._session.fetch(place, uids, HEADS)
        except NotGiven:  # then the entry stands without a header
            return {}

    def _landed(self, stem: str, mail: Fetched, body: bytes) -> RawItem:
        """As it came, unless the server had told a smaller size than it sent."""
        if len(body) <= self._limit:
            return self._item(stem, mail, body)
        return self._entry(stem, mail, Fetched(mail.uid, size=len(body)))

    def _item(self, stem: str, mail: Fetched, body: bytes) -> RawItem:
        kind, facts = self._faxes.sort(body)
        return RawItem(f"{stem}{mail.uid}", kind, body, mail.received_at, facts)

    def _entry(self, stem: str, head: Fetched, size: Fetched | None) -> RawItem:
        """What stands for a mail that is too large, or that the server does not give."""
        problem = UNREADABLE
        if size is not None and size.size > self._limit:
            problem = f"oversized: {size.size / 1e6:.0f} MB of {self._limit / 1e6:.0f} MB"
        return replace(self._item(stem, head, cut_head(head.body or b"")), problem=problem)


def _will_pass(failure: Later) -> bool:
    """The server says itself that it is busy. SERVERBUG is what it says of one damaged mail."""
    return isinstance(failure, NotGiven) and failure.code in TEMPORARY - {"SERVERBUG"}
