"""Our own count of requests: LinkedIn tells nobody how many are left, and then refuses all day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.social.state import StateFile
from ingest.social.trouble import Cause, Trouble


def until_midnight(now: datetime) -> timedelta:
    """Until a minute after the next midnight (UTC), when LinkedIn counts from zero."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1, minutes=1) - now


class Calls:
    """Requests of this day (UTC), in the state file."""

    def __init__(self, most: int, state: StateFile, clock: Callable[[], datetime]) -> None:
        self.most = most
        self._state = state
        self._clock = clock

    @property
    def made(self) -> int:
        return int(self._today().get("count", 0))

    def count(self) -> None:
        """One more. Raises: Trouble when the day's number is used up, before it is made."""
        today = self._today()
        if self.made >= self.most:
            raise Trouble(
                Cause.BUDGET,
                f"The {self.most} requests of the day are used up.",
                remedy="Read less often, or raise `calls_per_day` if the app is allowed more.",
                after=until_midnight(self._clock()),
                asked=False,
            )
        today["count"] = self.made + 1
        self._state.save()

    def _today(self) -> dict[str, Any]:
        section = self._state.section("calls")
        day = self._clock().astimezone(UTC).date().isoformat()
        if section.get("day") != day:
            section.clear()
            section["day"] = day
        return section
