"""The contract suite on the e-mail channel and a real IMAP server."""

import imaplib
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from peers.dovecot import PASSWORD, Dovecot, available, until

from ingest.registry import declaration
from ingest.testkit.checks import CHECKS
from ingest.testkit.suite import ChannelContract
from ingest.testkit.world import World

PERSON = "Zzelda Örnekoğlu"
USERS = [f"account{number}" for number in range(60 * len(CHECKS))]
"""A mailbox of its own for each world."""


class ImapWorld(World):
    """One mailbox on a Dovecot that all worlds share."""

    server: ClassVar[Dovecot]
    users: ClassVar[Iterator[str]]
    after: ClassVar[dict[str, str]] = {}
    without: ClassVar = {
        "redeliver": "a mail that is put into a folder again is another mail (RFC 9051, 2.3.1.1)",
        "malformed": "any octets are a mail to an IMAP server; see `hostile`",
        "throttle": "the server has no way to ask for a pause but to end the connection",
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.declaration = declaration("email")
        self.user = next(self.users)
        self.numbers = itertools.count(1)
        self.is_cut = False

    def table(self) -> dict[str, Any]:
        return {
            "kind": "email",
            "host": "localhost",
            "port": self.server.imaps_port,
            "ca": str(self.server.ca),
            "username": self.user,
            "password": PASSWORD,
            "max_bytes": 2_000,
            **self.after,
        }

    def deliver(self, *mails: bytes) -> Sequence[bytes]:
        self.server.deliver(mails, self.user)
        return mails

    def mail(self, subject: str, text: bytes) -> bytes:
        head = f"From: {PERSON} <zzelda@example.test>\r\nSubject: {subject}\r\n\r\n"
        return head.encode() + text

    def put(self, count: int) -> Sequence[bytes]:
        numbers = itertools.islice(self.numbers, count)
        return self.deliver(*(self.mail(f"Complaint {n}", b"\xfe\xff\r\n") for n in numbers))

    def twins(self) -> None:
        self.deliver(*[self.mail("the same", b"the same\r\n")] * 2)

    def huge(self) -> int:
        return len(self.deliver(self.mail("huge", b"x" * 70 + b"\r\n" + b"y" * 200_000))[0])

    def hostile(self) -> Sequence[bytes]:
        return self.deliver(
            b"From: \xff\xfe\r\nSubject: =?utf-8?B?4pi?=\r\n\r\nbroken\r\n",
            b"no header at all\r\n",
            b"Subject: " + b"n" * 1_500 + b"\r\n\r\n",
        )

    def rewind(self) -> None:
        """After a restore the operator moves the mails back."""
        if self.after:
            with self.server.connection(self.user) as client:
                client.select("Processed")
                client.uid("MOVE", "1:*", "INBOX")

    def cut(self) -> None:
        self.server.stop()
        self.is_cut = True

    def mend(self) -> None:
        self.server.start()
        self.is_cut = False

    def kill_credential(self) -> None:
        users = self.server.folder / "users"
        lines = users.read_text("utf-8").splitlines(keepends=True)
        users.write_text("".join(line for line in lines if not line.startswith(f"{self.user}:")))
        until(self.is_locked_out, 10)  # Dovecot looks at the file once a second

    def is_locked_out(self) -> bool:
        try:
            with self.server.connection(self.user):
                return False
        except imaplib.IMAP4.error:
            return True

    def personal(self) -> Sequence[str]:
        return [PERSON, "zzelda@example.test", "Complaint"]

    def close(self) -> None:
        if self.is_cut:
            self.mend()


class MovingImapWorld(ImapWorld):
    after: ClassVar = {"after": "move", "move_to": "Processed"}


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    if not available():
        pytest.skip("Dovecot is not installed")
    with Dovecot(users=USERS) as running:
        ImapWorld.server = running
        ImapWorld.users = iter(USERS)
        yield


@pytest.mark.slow
class TestImap(ChannelContract):
    world = ImapWorld


@pytest.mark.slow
class TestImapThatMoves(ChannelContract):
    world = MovingImapWorld
