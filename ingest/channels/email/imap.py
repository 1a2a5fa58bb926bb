"""The e-mail channel over IMAP (RFC 9051 and 3501, IDLE 2177, MOVE 6851, UIDPLUS 4315)."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from ingest.channels.email.backlog import Backlog, split_key
from ingest.channels.email.checks import findings
from ingest.channels.email.collect import Collector
from ingest.channels.email.oauth import TokenSource
from ingest.channels.email.receipts import Receipts
from ingest.channels.email.session import FolderUnavailable, Session
from ingest.channels.email.settings import EmailSettings
from ingest.contract import Checkpoint, Context, Delivery, Finding, RawItem
from ingest.errors import Refused


class ImapChannel:
    """Reads folders of one account with a cursor of its own.

    \\Seen is neither looked at nor set, so people may read the mailbox too. What was read stands
    in the checkpoint, ``{folder: {"uidvalidity": n, "done": "1:500"}}``; source keys are
    ``folder/uidvalidity/uid``.
    """

    def __init__(self, settings: EmailSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        oauth = settings.oauth if settings.auth == "xoauth2" else None
        tokens = TokenSource(oauth, context.now, context.state_folder) if oauth else None
        self._session = Session(settings, tokens)
        self._collector = Collector(self._session, settings)
        self._receipts = Receipts(self._session, settings, context.log)
        self._first: Backlog | None = None

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        """A block of each folder by turns. A folder that cannot be opened is named at the end,
        when the others have been read."""
        backlogs, unopened = self._open_folders(since)
        checkpoint = since
        while backlogs and not self._context.stopping():
            for backlog in tuple(backlogs):
                delivery = backlog.next(checkpoint)
                if delivery is None:
                    backlogs.remove(backlog)
                    continue
                checkpoint = delivery.checkpoint or checkpoint
                yield delivery
                if self._context.stopping():
                    return
        if unopened:
            raise unopened[0]

    def wait(self, timeout: timedelta) -> None:
        """IDLE on the first folder; the others are looked at when ``timeout`` is over."""
        first = self._first
        if first is None:  # nothing was read yet
            return
        place = self._session.select(first.place.folder)
        if place.uidvalidity != first.place.uidvalidity:
            return
        if self._session.arrived_above(place, first.highest) or self._session.told_of_more():
            return
        self._session.idle(place, timeout.total_seconds(), self._context.stopping)

    def fetch_again(self, source_key: str) -> RawItem:
        folder, uidvalidity, uid = split_key(source_key)
        place = self._session.select(folder)
        if place.uidvalidity == uidvalidity:
            item = self._collector.whole(place, source_key.removesuffix(str(uid)), uid)
            if item is not None:
                return item
        raise Refused("The mail is no longer in that folder of the mailbox.")

    def check(self) -> Sequence[Finding]:
        return findings(self._settings, self._session, self._context.now)

    def close(self) -> None:
        self._session.close()

    def _open_folders(self, since: Checkpoint) -> tuple[list[Backlog], list[FolderUnavailable]]:
        backlogs: list[Backlog] = []
        unopened: list[FolderUnavailable] = []
        for folder in self._settings.folders:
            try:
                backlogs.append(self._open_folder(folder, since))
            except FolderUnavailable as error:  # raised by `read` once the others are served
                unopened.append(error)
        return backlogs, unopened

    def _open_folder(self, folder: str, since: Checkpoint) -> Backlog:
        stored = since.get(folder)
        backlog = Backlog(self._session, self._collector, self._receipts, folder, stored)
        if folder == self._settings.folders[0]:
            self._first = backlog
        return backlog
