"""Hand-overs of which nobody knows whether they happened: ask, then decide.

Where the provider can say, its word counts. Where it cannot, the row stays ``unknown`` and is
listed: a person decides, since a second SMS is worse than a look at a list.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from structlog import get_logger
from structlog.contextvars import bound_contextvars

from storage import outbox
from storage.outbox import OutboxRow
from workers.gateways.contract import Receipt, Sms
from workers.senders.callbacks import STATE
from workers.stages.batch import QUIET, backoff
from workers.toolbox import Toolbox

log = get_logger()

ASK_FOR = timedelta(hours=24)
"""After this long a provider knows nothing more."""


class AskAboutUnknown:
    queue = "sms-unknown"

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def run(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        with self.tools.database.write() as connection:
            held, rows = outbox.claim(
                connection,
                "sms",
                ids=ids,
                limit=10,
                now=self.tools.now(),
                hold=self.tools.hold,
                state="unknown",
            )
        again = []
        for row in rows:
            state, values = self._decide(row, self.tools.now())
            with self.tools.database.write() as connection:
                outbox.settle(connection, held, row.id, state, **values)
            with bound_contextvars(trace=row.trace, outbox_id=row.id):
                log.info("sms.asked", state=state, detail=values["detail"])
            if state == "pending":
                again.append(row.id)
        return {"sms": again}

    def overdue(self, limit: int) -> Collection[int]:
        with self.tools.database.write() as connection:
            return outbox.overdue(
                connection, "unknown", "sms", now=self.tools.now(), quiet=QUIET, limit=limit
            )

    def _decide(self, row: OutboxRow, now: datetime) -> tuple[str, dict[str, Any]]:
        since = row.submitted_at or row.created_at
        answer = self.tools.gateway.lookup(_as_sms(row), since)
        if isinstance(answer, Receipt):
            state = STATE.get(answer.state, "accepted")
            moment = "accepted_at" if state == "accepted" else "settled_at"
            values = {moment: now, "provider_id": answer.provider_id or row.provider_id}
            return state, values | {"detail": answer.detail}
        if answer is True:
            return "accepted", {"accepted_at": now, "detail": "the provider has it"}
        if answer is False:
            detail = "the provider does not have it: handed over again"
            return "pending", {"due_at": now, "rung_at": now, "attempts": 0, "detail": detail}
        wait = backoff(row.attempts) if now - since < ASK_FOR else timedelta(days=365)
        detail = "handed over or not: the provider cannot say, and no receipt came"
        return "unknown", {"due_at": now + wait, "rung_at": None, "detail": detail}


def _as_sms(row: OutboxRow) -> Sms:
    return Sms(reference=row.reference, to=row.recipient, text=row.text)
