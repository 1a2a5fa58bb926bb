"""The money that reading may cost in a day, where a network asks some for each thing it returns.

Days are the network's: UTC. What is read twice on one day is charged once by X, and counts once
here, so that reading an overlap again costs nothing.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.social.state import StateFile
from ingest.social.trouble import Cause, Trouble

_ROUNDING = 1e-9
_MOST_IDS = 20_000
"""Ids of the day that are remembered; beyond, a thing that is read again counts again."""


class Budget:
    """``limit``: US dollars a day; 0 stands for no reading at all, None for no limit."""

    def __init__(
        self, limit: float | None, state: StateFile, clock: Callable[[], datetime]
    ) -> None:
        self._limit = limit
        self._state = state
        self._clock = clock

    @property
    def spent(self) -> float:
        """Dollars spent today, as far as we know the prices."""
        return float(self._today().get("usd", 0.0))

    def affordable(self, wanted: int, price: float, *, least: int) -> int:
        """How many things of this price may be asked for: ``wanted``, or fewer.

        ``least`` is the smallest page that the network gives. Raises: Trouble when not even that
        is left, *before* it is asked for.
        """
        if self._limit is None or price <= 0:
            return wanted
        left = int((self._limit - self.spent + _ROUNDING) / price)
        if left < least:
            raise Trouble(
                Cause.BUDGET,
                f"The budget of the day ({self._limit:.2f} USD) is used up.",
                remedy="Raise `budget_usd`, or wait for the next day (UTC).",
                after=self._until_midnight(),
            )
        return min(wanted, left)

    def spend(self, things: Iterable[str], price: float) -> None:
        """Write down what an answer cost; ``things`` are the ids in it."""
        today = self._today()
        known = today.setdefault("ids", {})
        new = [thing for thing in dict.fromkeys(things) if thing not in known]
        if new and price:
            today["usd"] = self.spent + len(new) * price
            known.update(dict.fromkeys(new, 1))
            for oldest in list(known)[: max(0, len(known) - _MOST_IDS)]:
                del known[oldest]
            self._state.save()

    def _today(self) -> dict[str, Any]:
        section = self._state.section("budget")
        day = self._clock().astimezone(UTC).date().isoformat()
        if section.get("day") != day:
            section.clear()
            section["day"] = day
        return section

    def _until_midnight(self) -> timedelta:
        now = self._clock().astimezone(UTC)
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight - now + timedelta(minutes=1)
