"""Receipts: what gateways posted to us (it landed raw first), and what we ask them for."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from structlog import get_logger

from storage import daemons, outbox
from storage.daemons import CallbackRow
from storage.engine import Failed, Unavailable
from workers.gateways.contract import Callback, Delivery, Receipt
from workers.stages.batch import QUIET
from workers.toolbox import Toolbox

log = get_logger()

STATE: Mapping[Delivery, str] = {
    Delivery.BUFFERED: "accepted",
    Delivery.DELIVERED: "delivered",
    Delivery.FAILED: "failed",
    Delivery.EXPIRED: "failed",
}
"""What a receipt makes of an outbox row; it only moves forward (storage.outbox.FORWARD)."""


class ReadCallbacks:
    queue = "callbacks"

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def run(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        with self.tools.database.write() as connection:
            held, rows = daemons.claim_callbacks(
                connection,
                ids=ids,
                limit=100,
                now=self.tools.now(),
                hold=self.tools.hold,
            )
        for row in rows:
            try:
                state, detail = self._read(row)
            except Unavailable:
                raise
            except Failed as error:
                # Something in it that the database refuses: it is kept, and holds up nobody.
                state, detail = "bad", f"it cannot be applied: {type(error).__name__}"
            with self.tools.database.write() as connection:
                daemons.settle_callback(connection, held, row.id, state, detail)
        return {}

    def overdue(self, limit: int) -> Collection[int]:
        with self.tools.database.write() as connection:
            return daemons.overdue_callbacks(
                connection, now=self.tools.now(), quiet=QUIET, limit=limit
            )

    def _read(self, row: CallbackRow) -> tuple[str, str]:
        """(state of the callback, why). A callback that cannot be read is kept, and says so."""
        posted = Callback(row.method, row.query, row.body, row.content_type)
        try:
            receipts = self.tools.gateway.receipts(posted)
        except ValueError:
            log.warning("callback.unreadable", callback_id=row.id, gateway=row.gateway)
            return "bad", "the gateway's adapter cannot read it"
        known = apply(self.tools, (_for(row, receipt) for receipt in receipts), row.gateway)
        return "done", "" if known else "it speaks of no SMS of ours"


def apply(tools: Toolbox, receipts: Iterable[Receipt], gateway: str) -> bool:
    """Move outbox rows forward. Returns whether at least one was ours."""
    known = False
    for receipt in receipts:
        with tools.database.write() as connection:
            known |= outbox.apply_receipt(
                connection,
                STATE[receipt.state],
                reference=receipt.reference,
                provider_id=receipt.provider_id,
                gateway=gateway,
                detail=receipt.detail,
                now=receipt.at or tools.now(),
            )
        log.info("sms.receipt", state=receipt.state, reference=receipt.reference)
    return known


def _for(row: CallbackRow, receipt: Receipt) -> Receipt:
    """An address that was signed for one SMS speaks of that SMS, whatever its query says: the
    query is not signed."""
    if not row.reference:
        return receipt
    return Receipt(receipt.state, row.reference, "", receipt.detail, receipt.at)


def poll(tools: Toolbox) -> None:
    """Ask the gateway for receipts of what it accepted, where it does not post them to us."""
    now = tools.now()
    with tools.database.read() as connection:
        pending = outbox.awaiting_receipt(connection, since=now - timedelta(days=2), limit=500)
    if pending:
        oldest = min(accepted_at for _, accepted_at in pending)
        ids = [provider_id for provider_id, _ in pending]
        apply(tools, tools.gateway.poll(ids, oldest), tools.settings.sms.gateway)
