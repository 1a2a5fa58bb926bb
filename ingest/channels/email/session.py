"""One logged-in connection, opened when it is needed and again after it broke.

Everything here raises only Later and Misconfigured (:mod:`ingest.errors`).
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from imaplib import IMAP4

from imapclient import IMAPClient

from ingest.channels.email import wire
from ingest.channels.email.faults import TEMPORARY, NotGiven, sorted_faults
from ingest.channels.email.idle import wait_for_mail
from ingest.channels.email.login import AccessDenied, connect, log_in
from ingest.channels.email.oauth import TokenSource
from ingest.channels.email.settings import EmailSettings
from ingest.channels.email.uidset import UidSet
from ingest.errors import Later, Misconfigured


@dataclass(frozen=True, slots=True)
class Place:
    """A folder as it was when it was selected. UIDs mean something only with ``uidvalidity``.

    ``uidnext`` is 0 where the server does not say.
    """

    folder: str
    uidvalidity: int
    uidnext: int = 0
    exists: int = 0


class FolderUnavailable(Misconfigured):
    """One folder cannot be opened; others may."""


class Session:
    """``tokens`` is None for a login by password."""

    def __init__(self, settings: EmailSettings, tokens: TokenSource | None) -> None:
        self._settings = settings
        self._tokens = tokens
        self._client: IMAPClient | None = None
        self._place: Place | None = None

    def client(self) -> IMAPClient:
        """The connection, logged in."""
        if self._client is None:
            self._client = self._open()
        return self._client

    def select(self, folder: str) -> Place:
        """Open ``folder`` and see what is in it now. Read-only where we leave the mails alone."""
        readonly = self._settings.after == "leave"
        client, self._place = self.client(), None
        with self._guard("SELECT"):
            try:
                told = client.select_folder(folder, readonly=readonly)
            except IMAP4.readonly:
                raise _read_only(folder) from None
            except IMAP4.abort:
                raise
            except IMAP4.error as error:
                raise _not_selected(folder, error) from None
            wire.more_arrived(client)  # the count that SELECT itself told is no news
        self._place = Place(
            folder,
            int(told.get(b"UIDVALIDITY", 0)),
            int(told.get(b"UIDNEXT", 0)),
            int(told.get(b"EXISTS", 0)),
        )
        return self._place

    def at(self, place: Place) -> IMAPClient:
        """The connection with the folder of ``place`` open, and its UIDs still valid."""
        self.client()
        now = self._place
        if now is None or now.folder != place.folder:
            now = self.select(place.folder)
        if now.uidvalidity != place.uidvalidity:
            raise Later("The mail server renumbered the folder while it was read.")
        return self.client()

    def search(self, place: Place, criteria: str) -> list[int]:
        """UIDs among the mails that were there when ``place`` was selected."""
        client = self.at(place)
        with self._guard("SEARCH"):
            return wire.search(client, place.exists, criteria)

    def arrived_above(self, place: Place, uid: int) -> list[int]:
        """UIDs of mails that came after the one with ``uid``."""
        client = self.at(place)
        with self._guard("SEARCH"):
            return wire.search_above(client, uid)

    def fetch(self, place: Place, uids: Sequence[int], items: str) -> dict[int, wire.Fetched]:
        """One FETCH. Raises also NotGiven (the server said NO) and Broken, both Later."""
        if not uids:
            return {}
        client = self.at(place)
        with self._guard("FETCH"):
            return wire.fetch(client, uids, items)

    def still_there(self, place: Place, uids: Sequence[int]) -> list[int]:
        """Those of ``uids`` that nobody has moved or expunged."""
        if not uids:
            return []
        client = self.at(place)
        with self._guard("SEARCH"):
            return wire.search_among(client, uids)

    def newest(self, place: Place) -> list[int]:
        """The UID of the last mail, or nothing in an empty folder."""
        client = self.at(place)
        with self._guard("SEARCH"):
            return wire.search_last(client) if place.exists else []

    def folder_exists(self, folder: str) -> bool:
        client = self.client()
        with self._guard("LIST"):
            return bool(client.folder_exists(folder))

    def told_of_more(self) -> bool:
        """Whether new mail was announced beside the answer to another command."""
        return self._client is not None and wire.more_arrived(self._client)

    def flag(self, place: Place, uids: Sequence[int], keyword: str) -> None:
        client = self.at(place)
        with self._guard("STORE"):
            client.add_flags(str(UidSet.of(uids)), [keyword.encode()], silent=True)

    def move(self, place: Place, uids: Sequence[int], folder: str) -> None:
        """RFC 6851, or its three steps. Without UIDPLUS the copies stay marked as deleted: a plain
        EXPUNGE would take the mails with it that other people marked."""
        client = self.at(place)
        those = str(UidSet.of(uids))
        with self._guard("MOVE"):
            if client.has_capability("MOVE"):
                client.move(those, folder)
                return
            client.copy(those, folder)
            client.add_flags(those, [b"\\Deleted"], silent=True)
            if client.has_capability("UIDPLUS"):
                client.uid_expunge(those)

    def idle(self, place: Place, seconds: float, stopping: Callable[[], bool]) -> None:
        """Return when the server announces mail in ``place``, or after ``seconds``, or when
        stopping. Without IDLE it only waits. Returns early when the line breaks: the next command
        says so."""
        client = self.at(place)
        with self._guard("IDLE"):
            wait_for_mail(client, seconds, stopping)

    def close(self) -> None:
        """Say goodbye, but do not wait for it."""
        client, self._client, self._place = self._client, None, None
        if client is None:
            return
        try:
            client.socket().settimeout(2)
            client.logout()
        except (IMAP4.error, OSError):  # nobody is there any more, which is what we want
            _shut(client)

    def drop(self) -> None:
        """Let go of a connection that cannot be trusted any more."""
        client, self._client, self._place = self._client, None, None
        if client is not None:
            _shut(client)

    def _open(self) -> IMAPClient:
        try:
            return self._log_in()
        except AccessDenied:
            if self._tokens is None:
                raise
            self._tokens.forget()  # it may have been withdrawn before its time: once more
            return self._log_in()

    def _log_in(self) -> IMAPClient:
        with self._guard("the connection"):
            client = connect(self._settings)
        self._client = client  # so that a failure below closes it
        try:
            with self._guard("the login"):
                log_in(client, self._settings, self._tokens)
        except (Later, Misconfigured):
            self.drop()
            raise
        return client

    def _guard(self, doing: str) -> AbstractContextManager[None]:
        return sorted_faults(doing, self.drop)


def _shut(client: IMAPClient) -> None:
    try:
        client.shutdown()
    except OSError:  # it was broken already
        return


def _read_only(folder: str) -> FolderUnavailable:
    return FolderUnavailable(
        f"The folder {folder} is read-only for this account.",
        remedy='Give the account write permission, or set after = "leave".',
    )


def _not_selected(folder: str, error: IMAP4.error) -> Later | FolderUnavailable:
    refusal = NotGiven(f"the folder {folder}", error)
    if refusal.code in TEMPORARY:
        return refusal
    return FolderUnavailable(
        f"The folder {folder} cannot be opened{f' ({refusal.code})' if refusal.code else ''}.",
        remedy="Check `folders` (names are case-sensitive), and the permissions of the account.",
    )
