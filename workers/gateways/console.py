"""Gateway for development and demonstrations: prints what would be sent. Reaches nobody.

Numbers are masked; the text is printed whole, so it is no gateway for real applicants.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime

from cases.sms.mask import mask_phone
from workers.gateways.contract import (
    Accepted,
    Callback,
    Delivery,
    GatewayContext,
    GatewayDeclaration,
    GatewaySettings,
    NotNow,
    Outcome,
    Receipt,
    Sms,
)

_ID = "console-"


class ConsoleSettings(GatewaySettings):
    """The console has nothing to set."""


class Console:
    """``write`` gets one whole line a time."""

    max_batch = 100
    session = False

    def __init__(self, write: Callable[[str], object], now: Callable[[], datetime]) -> None:
        self._write = write
        self._now = now

    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        return [self._print(sms) for sms in batch]

    def _print(self, sms: Sms) -> Outcome:
        try:
            self._write(f"SMS {mask_phone(sms.to)} [{sms.sender}] {sms.text}\n")
        except OSError:
            return NotNow("the console is closed")
        return Accepted(_ID + sms.reference)

    def lookup(self, sms: Sms, since: datetime) -> None:  # noqa: ARG002  the contract's signature
        return None

    def receipts(self, callback: Callback) -> Sequence[Receipt]:
        raise ValueError(f"the console calls nobody back ({callback.method})")

    def poll(self, pending: Sequence[str], since: datetime) -> Sequence[Receipt]:  # noqa: ARG002
        """Whatever was printed counts as delivered."""
        return [
            Receipt(Delivery.DELIVERED, id_.removeprefix(_ID), id_, at=self._now())
            for id_ in pending
            if id_.startswith(_ID)
        ]

    def check(self) -> tuple[bool, str]:
        return True, "SMS are printed here and reach nobody."

    def close(self) -> None:
        """There is nothing to let go of."""


def _to_stdout(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()


def _open(settings: ConsoleSettings, context: GatewayContext) -> Console:  # noqa: ARG001
    return Console(_to_stdout, context.now)


GATEWAY = GatewayDeclaration(
    kind="console",
    summary="Prints SMS instead of sending them.",
    settings=ConsoleSettings,
    open=_open,
    contract_version=1,
)
