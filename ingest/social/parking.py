"""Which features of an account are parked, why, until when, and when each last went well."""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ingest.contract import Credential
from ingest.social.state import StateFile
from ingest.social.trouble import Cause, Trouble

_FIRST_BACKOFF = timedelta(minutes=1)
_LONGEST_BACKOFF = timedelta(minutes=15)
_UNSAID = timedelta(minutes=15)
"""How long we stay away when the network does not say; X and Meta count in quarters of an hour."""
_FOR_A_PERSON = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Park:
    """A feature that is left alone for a while."""

    cause: Cause
    reason: str
    remedy: str
    since: datetime
    until: datetime
    said: bool
    """Whether the network (or our budget) named the time."""

    def trouble(self, now: datetime) -> Trouble:
        """The same, to be raised: the time that is left counts."""
        left = timedelta(seconds=math.ceil((self.until - now).total_seconds()))
        after = left if self.said else None
        return Trouble(self.cause, self.reason, remedy=self.remedy, after=after)


class Parking:
    """The parks of one account. ``secrets``: when one of them changes, an operator has done
    something, and every park is over."""

    def __init__(self, state: StateFile, now: Callable[[], datetime], secrets: Sequence[str]):
        self._state = state
        self._now = now
        self._mark = hashlib.sha256("\0".join(secrets).encode()).hexdigest()[:16]
        self._failures: dict[str, int] = {}
        self._busy: dict[str, Park] = {}

    def parked(self, feature: str) -> Park | None:
        """The park that holds now."""
        park = self._busy.get(feature) or self._kept(feature)
        if park is None or not park.since - timedelta(minutes=5) <= self._now() < park.until:
            return None  # over; or our clock was set back, and the times mean nothing
        return park

    def park(self, feature: str, trouble: Trouble) -> Park:
        """Leave a feature alone. A busy network is remembered only by this process: a new one
        asks again at once, and the engine backs off between processes."""
        now = self._now()
        length = trouble.after or self._length(feature, trouble.cause)
        said = trouble.after is not None
        park = Park(trouble.cause, trouble.reason, trouble.remedy, now, now + length, said)
        if trouble.cause is Cause.BUSY:
            self._busy[feature] = park
        else:
            self._record(feature)["park"] = _written(park, self._mark)
            self._state.save()
        return park

    def good(self, feature: str, read_until: datetime | None = None) -> None:
        """A whole run went well. ``read_until``: by the network's clock, where it read everything
        up to then."""
        self._failures.pop(feature, None)
        self._busy.pop(feature, None)
        record = self._record(feature)
        record.pop("park", None)
        record["good_at"] = self._now().isoformat()
        if read_until is not None:
            record["read_at"] = read_until.isoformat()
        self._state.save()

    def last_good(self, feature: str) -> datetime | None:
        return _time(self._record(feature).get("good_at"))

    def read_until(self, feature: str) -> datetime | None:
        """Until when the last complete run had read everything."""
        return _time(self._record(feature).get("read_at"))

    def due(self, feature: str, every: timedelta) -> bool:
        """Whether the shortest time between two runs is over. A clock set back makes it so."""
        last = self.last_good(feature)
        return last is None or not timedelta() <= self._now() - last < every

    def line(self, feature: str) -> Credential:
        """The feature on the credential board."""
        park = self.parked(feature)
        good = self.last_good(feature)
        if park is None:
            return Credential(feature, "ok", last_good_at=good)
        state = "dead" if park.cause is Cause.DEAD else "parked"
        return Credential(
            feature,
            state,
            detail=park.reason,
            remedy=park.remedy,
            last_good_at=good,
            parked_until=park.until,
        )

    def _length(self, feature: str, cause: Cause) -> timedelta:
        if cause.needs_a_person:
            return _FOR_A_PERSON
        if cause is not Cause.BUSY:
            return _UNSAID
        failures = self._failures[feature] = self._failures.get(feature, 0) + 1
        doublings: int = min(failures, 10) - 1
        return min(_FIRST_BACKOFF * (1 << doublings), _LONGEST_BACKOFF)

    def _record(self, feature: str) -> dict[str, Any]:
        features = self._state.section("features")
        record = features.get(feature)
        if not isinstance(record, dict):
            record = features[feature] = {}
        return record

    def _kept(self, feature: str) -> Park | None:
        written = self._record(feature).get("park")
        if not isinstance(written, dict) or written.get("of") != self._mark:
            return None
        return _read(written)


def _written(park: Park, mark: str) -> dict[str, Any]:
    return {
        "of": mark,
        "cause": park.cause,
        "reason": park.reason,
        "remedy": park.remedy,
        "since": park.since.isoformat(),
        "until": park.until.isoformat(),
        "said": park.said,
    }


def _read(written: dict[str, Any]) -> Park | None:
    since, until = _time(written.get("since")), _time(written.get("until"))
    if since is None or until is None or written.get("cause") not in list(Cause):
        return None
    reason, remedy = (str(written.get(name, "")) for name in ("reason", "remedy"))
    cause, said = Cause(written["cause"]), bool(written.get("said"))
    return Park(cause, reason, remedy, since, until, said)


def _time(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:  # a damaged record may be forgotten
        return None
    return found if found is None or found.tzinfo else None
