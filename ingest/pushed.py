"""A channel whose items are brought to the portal: there is nothing to read or to wait for.

The account stands in the settings like any other, so that it is shown, counted in the ledger, and
can be switched off.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from threading import Event

from ingest.contract import ChannelSettings, Checkpoint, Context, Delivery, Finding, RawItem
from ingest.errors import Refused

_STEP = 0.5
"""Seconds between two looks at whether we are to stop."""


class Pushed:
    """Implements :class:`ingest.contract.Channel` for sources that come to us."""

    def __init__(self, settings: ChannelSettings, context: Context) -> None:
        self._settings, self._context = settings, context

    def read(self, since: Checkpoint) -> Iterator[Delivery]:  # noqa: ARG002  nothing is kept there
        """Nothing: what comes is landed by whoever takes it."""
        yield from ()

    def wait(self, timeout: timedelta) -> None:
        """The whole time, in steps."""
        pause = Event()
        for _ in range(max(1, int(timeout.total_seconds() / _STEP))):
            if self._context.stopping():
                return
            pause.wait(_STEP)

    def fetch_again(self, source_key: str) -> RawItem:  # noqa: ARG002  nobody has it but we
        raise Refused("What is brought to us is whole when it lands; there is no other copy.")

    def check(self) -> Sequence[Finding]:
        """That it is there is all there is to it."""
        return [Finding("portal", ok=True, detail="is served by `basvuru serve`")]

    def close(self) -> None:
        """Nothing is open."""
