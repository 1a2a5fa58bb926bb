"""Handing SMS over to the gateway, written ahead.

A row is ``submitting`` and committed before the gateway is called. What comes back decides; what
does not come back leaves the row ``unknown``, and an unknown row is asked about, never resent
blindly.
"""

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from structlog import get_logger

from cases.sms.segments import best
from config import tracing
from config.clock import local
from storage import outbox
from storage.claims import Claim
from storage.outbox import OutboxRow
from workers.gateways.contract import Accepted, Never, NotNow, Outcome, Sms, Stop
from workers.stages.batch import QUIET, backoff
from workers.toolbox import Toolbox

log = get_logger()

STOPPED_FOR = timedelta(minutes=5)


class SendSms:
    queue = "sms"

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools
        self._pace = Pace(tools.settings.sms.per_second)

    def run(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        now, settings = self.tools.now(), self.tools.settings
        with self.tools.database.write() as connection:
            held, rows = outbox.claim(
                connection,
                "sms",
                ids=ids,
                limit=settings.workers.batch,
                now=now,
                hold=self.tools.hold,
            )
            rows = self._within_cap(connection, held, rows, now)
            rows = self._not_too_late(connection, held, rows, now)
        self._hand_over_all(held, rows)
        return {}

    def overdue(self, limit: int) -> Collection[int]:
        now = self.tools.now()
        with self.tools.database.write() as connection:
            outbox.abandoned(connection, now)
            return outbox.overdue(connection, "pending", "sms", now=now, quiet=QUIET, limit=limit)

    def _hand_over_all(self, held: Claim, rows: Sequence[OutboxRow]) -> None:
        step = self.tools.gateway.max_batch
        done: list[tuple[OutboxRow, Outcome]] = []
        for start in range(0, len(rows), step):
            group = rows[start : start + step]
            self._pace.wait(len(group))
            ours = self._turn_over(held, done, group)
            began = tracing.moment()
            outcomes = self.tools.gateway.submit([self._sms(row) for row in ours]) if ours else ()
            tracing.ended("send", [row.trace for row in ours], began, medium="sms")
            done = list(zip(ours, outcomes, strict=True))
        self._turn_over(held, done, ())

    def _turn_over(
        self,
        held: Claim,
        done: Sequence[tuple[OutboxRow, Outcome]],
        group: Sequence[OutboxRow],
    ) -> list[OutboxRow]:
        """One transaction: what became of the last group, and the write-ahead of the next.
        Returns the rows that are still ours to hand over."""
        now = self.tools.now()
        with self.tools.database.write() as connection:
            results = {row.id: self._result(row, outcome, now) for row, outcome in done}
            outbox.settle_all(connection, held, results)
            marked = outbox.mark_submitting(
                connection,
                held,
                [row.id for row in group],
                self.tools.settings.sms.gateway,
                now=now,
                hold=self.tools.hold,
            )
        self._note(done, results)
        return [row for row in group if row.id in marked]

    def _note(
        self,
        done: Sequence[tuple[OutboxRow, Outcome]],
        results: Mapping[int, tuple[str, Mapping[str, Any]]],
    ) -> None:
        """One line for all that fared alike."""
        alike: dict[tuple[str, str], list[str]] = {}
        for row, _ in done:
            state, values = results[row.id]
            alike.setdefault((state, values["detail"]), []).append(row.trace)
        for (state, detail), traces in alike.items():
            log.info("sms.handed_over", traces=traces, state=state, detail=detail)

    def _sms(self, row: OutboxRow) -> Sms:
        return Sms(
            reference=row.reference,
            to=row.recipient,
            text=row.text,
            sender=self.tools.settings.sms.sender,
            callback=self.tools.callback_url(row.reference),
        )

    def _result(
        self, row: OutboxRow, outcome: Outcome, now: datetime
    ) -> tuple[str, dict[str, Any]]:
        """The state that an outcome leads to, and the columns that go with it."""
        if isinstance(outcome, Accepted):
            parts = best(row.text).parts
            price = parts * self.tools.settings.sms.price
            return "accepted", {
                "provider_id": outcome.provider_id or None,
                "accepted_at": now,
                "parts": parts,
                "price": price,
                "detail": "",
            }
        if isinstance(outcome, NotNow):
            due_at = now + (outcome.after or backoff(row.attempts))
            return "pending", {"due_at": due_at, "rung_at": None, "detail": outcome.reason}
        if isinstance(outcome, Never):
            return "failed", {"settled_at": now, "detail": outcome.reason}
        if isinstance(outcome, Stop):
            log.error("gateway.stopped", reason=outcome.reason, remedy=outcome.remedy)
            detail = f"{outcome.reason} {outcome.remedy}"
            return "pending", {"due_at": now + STOPPED_FOR, "rung_at": None, "detail": detail}
        return "unknown", {
            "attempts": 0,
            "due_at": now + outbox.ASK_AFTER,
            "rung_at": None,
            "detail": outcome.reason,
        }

    def _within_cap(
        self, connection: Any, held: Claim, rows: list[OutboxRow], now: datetime
    ) -> list[OutboxRow]:
        """Hold what would go over today's budget until tomorrow."""
        cap, price = self.tools.settings.sms.daily_cap, self.tools.settings.sms.price
        if not cap or not price:
            return rows
        midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
        left = int((cap - outbox.spent_since(connection, midnight)) / price)
        kept = []
        for row in rows:
            left -= best(row.text).parts
            if left >= 0:
                kept.append(row)
                continue
            detail = "held until tomorrow: today's budget for SMS is spent"
            outbox.settle(
                connection,
                held,
                row.id,
                "pending",
                due_at=midnight + timedelta(days=1),
                rung_at=None,
                detail=detail,
            )
        return kept

    def _not_too_late(
        self, connection: Any, held: Claim, rows: list[OutboxRow], now: datetime
    ) -> list[OutboxRow]:
        """An acknowledgement after a day is useless: it becomes an open duty for a person."""
        oldest = now - timedelta(hours=self.tools.settings.sms.give_up_hours)
        for row in rows:
            if row.created_at < oldest:
                outbox.settle(
                    connection,
                    held,
                    row.id,
                    "failed",
                    settled_at=now,
                    detail="could not be handed over in time",
                )
        return [row for row in rows if row.created_at >= oldest]


class Pace:
    """At most so many a second, over all threads of this process."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self, count: int) -> None:
        with self._lock:
            start = max(self._next, time.monotonic())
            self._next = start + self._gap * count
        delay = start - time.monotonic()
        if delay > 0:
            time.sleep(delay)
