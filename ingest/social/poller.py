"""The polite poller: reads the features of one account in turn, each in trouble of its own.

* The feature that went well longest ago comes first.
* A feature's cursor moves only with the page that makes it true, in the same transaction.
* The overlap is read again every time; what this process handed over already is dropped here, so
  that an idle account costs no transaction. Everything else is left to ``source_key``.
* Trouble parks the one feature, with a sentence for the operator. Only when none is left to read,
  or the cause stops the whole account, does the account fail.
* An outage longer than the network shows is reported as a gap, once, with the next good run.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from ingest.contract import MAX_ITEMS, Checkpoint, Context, Delivery, Gap
from ingest.social.feature import Feature, Page, Since
from ingest.social.parking import Park, Parking
from ingest.social.trouble import Trouble

HEARTBEAT = timedelta(hours=1)
"""How old the time of the last good run in the checkpoint may be, when nothing else moves it."""
_REMEMBERED = 20_000


class PolitePoller:
    """``clock``: the network's, as far as known (:attr:`ingest.social.http.Clock.now`).
    ``aside``: features that are read last and do not count when it is asked whether anything is
    left to read (looking at old items again).
    """

    def __init__(
        self,
        features: Sequence[Feature],
        parking: Parking,
        context: Context,
        clock: Callable[[], datetime],
        aside: Sequence[Feature] = (),
    ) -> None:
        self._features = features
        self._aside = aside
        self._parking = parking
        self._context = context
        self._clock = clock
        self._expected: dict[str, Any] | None = None
        self._handed_over = _Recent()

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        """One turn over all features that are due. Raises: Later, Misconfigured."""
        checkpoint = dict(since)
        if checkpoint != self._expected:  # another process read, or a backup was restored
            self._handed_over.clear()
        self._expected = checkpoint
        for feature in [*self._in_turn(self._features), *self._in_turn(self._aside)]:
            if self._context.stopping():
                return
            yield from self._run(feature, checkpoint)
        self._fail_if_nothing_is_left()

    def _in_turn(self, features: Sequence[Feature]) -> list[Feature]:
        due = [f for f in features if self._parking.due(f.name, f.every)]
        free = [f for f in due if self._parking.parked(f.name) is None]
        return sorted(free, key=self._age)

    def _age(self, feature: Feature) -> float:
        last = self._parking.last_good(feature.name)
        return last.timestamp() if last else 0.0

    def _run(self, feature: Feature, checkpoint: dict[str, Any]) -> Iterator[Delivery]:
        try:
            known = self._parking.last_good(feature.name) is not None
            read_until = self._parking.read_until(feature.name)
            yield from self._deliveries(_Run(feature, checkpoint, known, read_until))
        except Trouble as trouble:
            self._park(feature, trouble)
            if trouble.cause.stops_the_account:
                raise trouble.failure() from None

    def _deliveries(self, run: "_Run") -> Iterator[Delivery]:
        for page in run.feature.pages(run.since):
            run.start = run.start or self._clock()  # after the first answer: its clock is known
            fresh = self._fresh(page)
            for delivery in run.divided(fresh):
                yield delivery
                if delivery.checkpoint is not None:
                    run.checkpoint.update(delivery.checkpoint)
            self._handed_over.add(one.source_key for one in fresh.items)
            self._handed_over.add(one.source_key for one in fresh.refusals)
            if self._context.stopping():
                return
        self._parking.good(run.feature.name, run.start if run.complete else None)

    def _fresh(self, page: Page) -> Page:
        return replace(
            page,
            items=[one for one in page.items if one.source_key not in self._handed_over],
            refusals=[one for one in page.refusals if one.source_key not in self._handed_over],
        )

    def _park(self, feature: Feature, trouble: Trouble) -> None:
        park = self._parking.park(feature.name, trouble)
        self._context.log.warning(
            "social.parked",
            feature=feature.name,
            cause=str(trouble.cause),
            reason=trouble.reason,
            remedy=trouble.remedy,
            until=park.until.isoformat(),
        )

    def _fail_if_nothing_is_left(self) -> None:
        parks = [self._parking.parked(feature.name) for feature in self._features]
        held = [park for park in parks if park is not None]
        if held and len(held) == len(parks):
            raise _foremost(held).trouble(self._context.now()).failure()


@dataclass(slots=True)
class _Run:
    """One run of one feature: what of it goes into the checkpoint, and when."""

    feature: Feature
    checkpoint: dict[str, Any]
    known: bool
    """Whether an earlier run went well: the first on an empty source costs no transaction."""
    read_until: datetime | None = None
    """Until when an earlier run read everything, should the checkpoint not say: so an outage that
    follows the first, empty run is noticed all the same."""
    complete: bool = False
    start: datetime | None = None
    brought: bool = False
    """Whether anything was handed over in this run."""
    entry: Mapping[str, Any] = field(init=False)
    since: Since = field(init=False)

    def __post_init__(self) -> None:
        entry = self.checkpoint.get(self.feature.name)
        self.entry = entry if isinstance(entry, dict) else {}
        cursor, read_at = self.entry.get("cursor"), self.entry.get("read_at")
        self.since = Since(
            cursor if isinstance(cursor, dict) else {},
            datetime.fromisoformat(read_at) if isinstance(read_at, str) else self.read_until,
        )

    def divided(self, page: Page) -> Iterator[Delivery]:
        """The page in deliveries of at most MAX_ITEMS; what it says comes with the last."""
        rest, refusals = list(page.items), list(page.refusals)
        while len(rest) + len(refusals) > MAX_ITEMS:
            yield Delivery(rest[:MAX_ITEMS], refusals=refusals[: max(0, MAX_ITEMS - len(rest))])
            refusals = refusals[max(0, MAX_ITEMS - len(rest)) :]
            rest = rest[MAX_ITEMS:]
        gaps = [*page.gaps, *(self._outage() if page.complete else ())]
        self.complete = self.complete or page.complete
        self.brought = self.brought or bool(rest or refusals or gaps)
        checkpoint = self._moved(page)
        if rest or refusals or gaps or checkpoint is not None:
            yield Delivery(rest, checkpoint, refusals=refusals, gaps=gaps)

    def _moved(self, page: Page) -> dict[str, Any] | None:
        """The checkpoint with this page's cursor; None when nothing in it would move. The first
        run on an empty source leaves no trace: the second is then the first once more."""
        if not (self.brought or self.known or self.entry):
            return None
        worth_it = self.brought
        entry = dict(self.checkpoint.get(self.feature.name) or {})
        if page.cursor is not None and dict(page.cursor) != entry.get("cursor", {}):
            entry["cursor"], worth_it = dict(page.cursor), True
        # the time alone is worth a transaction only now and then
        if page.complete and self.start and (worth_it or self._heartbeat_is_due(self.start)):
            entry["read_at"] = self.start.isoformat()
        if entry == self.checkpoint.get(self.feature.name, {}):
            return None
        return {**self.checkpoint, self.feature.name: entry}

    def _heartbeat_is_due(self, start: datetime) -> bool:
        if "read_at" not in self.entry or self.since.read_at is None:
            return self.known
        return start - self.since.read_at > HEARTBEAT

    def _outage(self) -> Iterator[Gap]:
        reach, read_at, start = self.feature.reach, self.since.read_at, self.start
        if reach is None or read_at is None or start is None or start - read_at <= reach:
            return
        reason = f"{self.feature.name} could not be read for longer than the network shows them."
        yield Gap(self.feature.name, read_at, start - reach, reason)


class _Recent:
    """The newest source keys that were handed over and stored."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def add(self, keys: Iterator[str]) -> None:
        self._keys.update(dict.fromkeys(keys))
        while len(self._keys) > _REMEMBERED:
            self._keys.popitem(last=False)

    def clear(self) -> None:
        self._keys.clear()


def _foremost(parks: Sequence[Park]) -> Park:
    """The one to be told: what time heals first, since then something can be read again."""
    healing = [park for park in parks if not park.cause.needs_a_person]
    return min(healing or parks, key=lambda park: park.until)
