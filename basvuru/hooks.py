"""Accounts to which sources post: opened once, kept, asked in the portal's threads."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from structlog import get_logger

from config import clock
from ingest.contract import Channel, Context, Delivery, Webhook, WebhookRequest
from ingest.poller import Closed
from ingest.registry import open_channel
from portal.channel_hooks import HookAnswer, answered
from storage import channels
from storage.engine import Database

log = get_logger()


class ChannelHooks:
    """Takes what was posted to an account; implements :data:`portal.channel_hooks.Receive`."""

    def __init__(
        self,
        tables: Mapping[str, Mapping[str, Any]],
        database: Database,
        land: Callable[[str, Delivery], object],
    ) -> None:
        self._tables, self._database, self._land = tables, database, land
        self._open: dict[str, Channel] = {}
        self._lock = threading.Lock()

    def __call__(self, account: str, request: WebhookRequest) -> HookAnswer:
        channel = self._channel(account)
        if not isinstance(channel, Webhook):
            return HookAnswer(404)
        try:
            return answered(account, channel, request, lambda d: self._land(account, d))
        except Closed as error:
            # Nothing is stored now; the source hears it, and posts again.
            log.warning("hook.not_stored", channel=account, error=str(error))
            return HookAnswer(503)

    def _channel(self, account: str) -> Channel | None:
        table = self._tables.get(account)
        if table is None or not table.get("enabled", True):
            return None
        with self._lock:
            if account not in self._open:
                context = Context(account=account, log=get_logger(channel=account), now=clock.now)
                self._open[account] = open_channel(account, table, context)
                with self._database.write() as connection:
                    channels.register(connection, account, str(table["kind"]))
            return self._open[account]
