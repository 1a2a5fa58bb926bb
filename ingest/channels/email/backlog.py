"""What is still to be read in one folder, newest and oldest by turns.

Reading only from the oldest would let today's mail wait behind years of backlog; reading only
from the newest would let the oldest wait for ever. So deliveries alternate.

The checkpoint of a folder is ``{"uidvalidity": n, "done": "1:500,900:1000"}``. UIDs only grow
(RFC 9051 section 2.3.1.1), so holes well below the newest mail can never be filled and count as
done: the set stays a few ranges long, however full of holes the folder is. Close to the top they
are kept open for :data:`LATE` numbers, because servers that number in parallel may show a lower
UID a moment after a higher one.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.channels.email.collect import Collector, Haul
from ingest.channels.email.receipts import Receipts
from ingest.channels.email.session import Place, Session
from ingest.channels.email.uidset import NOTHING, UidSet
from ingest.contract import Checkpoint, Delivery
from ingest.errors import Refused

BLOCK = 100
LATE = 200


@dataclass(frozen=True, slots=True)
class FolderState:
    """One folder of the checkpoint. ``epoch`` counts how often UIDs started again from below
    although ``uidvalidity`` stayed the same, as after a careless restore."""

    uidvalidity: int
    done: UidSet = NOTHING
    epoch: int = 0

    @classmethod
    def load(cls, stored: object) -> "FolderState | None":
        """None when there is nothing, or nothing that can be read: the folder starts anew, and
        source keys keep the engine from recording a mail twice."""
        if not isinstance(stored, Mapping):
            return None
        try:
            done = UidSet.parse(str(stored.get("done", "")))
            return cls(int(stored["uidvalidity"]), done, int(stored.get("epoch", 0)))
        except (KeyError, TypeError, ValueError):
            return None

    def dump(self) -> dict[str, Any]:
        out: dict[str, Any] = {"uidvalidity": self.uidvalidity, "done": str(self.done)}
        return out | {"epoch": self.epoch} if self.epoch else out

    def for_place(self, place: Place) -> "FolderState":
        """What of this still holds for the folder as it is now."""
        if place.uidvalidity != self.uidvalidity:
            return FolderState(place.uidvalidity)
        if place.uidnext and self.done.highest >= place.uidnext:
            return FolderState(place.uidvalidity, epoch=self.epoch + 1)
        return self


def stem_of(folder: str, uidvalidity: int, epoch: int) -> str:
    """Front of the source keys of a folder: ``INBOX/1700000000/``, ``INBOX/1700000000.1/``."""
    return f"{folder}/{uidvalidity}{f'.{epoch}' if epoch else ''}/"


def split_key(source_key: str) -> tuple[str, int, int]:
    """Folder, UIDVALIDITY and UID of a source key. Raises: Refused."""
    try:
        folder, validity, uid = source_key.rsplit("/", 2)
        return folder, int(validity.partition(".")[0]), int(uid)
    except ValueError:
        raise Refused("This is not the key of a mail in this mailbox.") from None


class Backlog:
    """The unread mails of one folder. ``highest`` is the largest UID that was seen there."""

    def __init__(
        self,
        session: Session,
        collector: Collector,
        receipts: Receipts,
        folder: str,
        stored: object,
    ) -> None:
        """Opens the folder and asks what is not done. Raises: Later, Misconfigured."""
        self._session, self._collector, self._receipts = session, collector, receipts
        self.place = session.select(folder)
        known = FolderState.load(stored) or FolderState(self.place.uidvalidity)
        self.state = known.for_place(self.place)
        found = session.search(self.place, f"UID {self.state.done.complement()}")
        self._pending = deque(uid for uid in found if uid not in self.state.done)
        self.highest = max([self.state.done.highest, self.place.uidnext - 1, *found[-1:]])
        self._newest_first = True

    def next(self, checkpoint: Checkpoint) -> Delivery | None:
        """The next block; None when there is no more. ``checkpoint`` is extended by this folder."""
        self._look_for_newer()
        if not self._pending:
            return None
        haul = self._take()
        done = self.state.done | UidSet.of(haul.handled)
        self.state = FolderState(self.state.uidvalidity, self._settled(done), self.state.epoch)
        return Delivery(
            items=haul.items,
            checkpoint={**checkpoint, self.place.folder: self.state.dump()},
            acknowledge=self._receipts.receipt(self.place, haul.whole),
            refusals=haul.refusals,
        )

    def _take(self) -> Haul:
        newest = self._newest_first
        block = self._pop(newest)
        self._newest_first = not newest
        stem = stem_of(self.place.folder, self.state.uidvalidity, self.state.epoch)
        haul = self._collector.collect(self.place, stem, block)
        rest = block[len(haul.handled) :]
        if newest:
            self._pending.extend(reversed(rest))
        else:
            self._pending.extendleft(reversed(rest))
        return haul

    def _pop(self, newest: bool) -> Sequence[int]:
        count = min(BLOCK, len(self._pending))
        take = self._pending.pop if newest else self._pending.popleft
        return [take() for _ in range(count)]

    def _look_for_newer(self) -> None:
        """While a long backlog is read, new mail comes in: it is asked for before each turn of the
        newest. Not at the end, so that reading ends also where mail never ceases to come."""
        if self._newest_first and len(self._pending) > BLOCK:
            newer = self._session.arrived_above(self.place, self.highest)
            self._pending.extend(newer)
            self.highest = max([self.highest, *newer[-1:]])

    def _settled(self, done: UidSet) -> UidSet:
        """All that is pending lies between two numbers; what is outside and not late is done."""
        horizon = self.highest - LATE
        if not self._pending:
            return done.through(1, horizon)
        return done.through(1, min(self._pending[0] - 1, horizon)).through(
            self._pending[-1] + 1, horizon
        )
