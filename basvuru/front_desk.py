"""Takes what is brought to us over the portal, and numbers it while the visitor waits.

It lands like everything else. Then this process answers its own doorbell: the two quick stages run
here, through the same code and the same claims as in a worker. Whatever does not work out stays
landed and due, and a worker does it (docs/decisions/0018).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from structlog import get_logger

from ingest.contract import Delivery, RawItem
from storage import channels
from storage.engine import Database
from storage.landing import Lander
from workers.bell import Bell
from workers.pipeline import Stage

log = get_logger()

_AT_ONCE = ("mail", "record")
"""Queues that are answered here: from bytes to a number takes some milliseconds."""


class FrontDesk:
    """Implements :data:`portal.intake.Take`."""

    def __init__(
        self,
        database: Database,
        lander: Lander,
        bell: Bell,
        stages: Callable[[], Mapping[str, Stage]],
        now: Callable[[], datetime],
    ) -> None:
        self._database, self._lander, self._bell = database, lander, bell
        self._stages, self._now = stages, now

    def __call__(
        self, account: str, kind: str, item: RawItem, originals: Sequence[bytes] = ()
    ) -> None:
        """Land one item and see to it. When this returns, it is on our disk.

        Raises: storage.engine.Unavailable, OSError: nothing was stored.
        """
        with self._database.write() as connection:
            channels.register(connection, account, kind)
        delivery = Delivery([item], originals=originals)
        landed = self._lander.land(account, delivery, epoch=None, now=self._now())
        log.info("landed", channel=account, new=landed.count, traces=landed.traces)
        self._bell.ring(self._seen_to(landed.new))

    def _seen_to(self, new: Mapping[str, Collection[int]]) -> Mapping[str, Collection[int]]:
        """Run the quick stages; returns what is still to be rung for."""
        bells = dict(new)
        try:
            for queue in _AT_ONCE:
                if ids := bells.pop(queue, ()):
                    bells |= self._stages()[queue].run(ids)
        except Exception as error:  # noqa: BLE001  it has landed: a worker does the rest
            log.warning("front_desk.left_to_workers", error=type(error).__name__)
            return new
        return bells
