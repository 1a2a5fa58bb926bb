"""Mailboxes that remember what they were given: a folder, and Dovecot."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from peers.dovecot import PASSWORD, USER, Dovecot
from peers.world import mail

TEXT = "{n}. dosyam üç haftadır sonuçlanmadı, bilgi rica ederim. {words}\nTel: 0555 {a:03d} {b} 17"
WORDS = ("hasar", "eksper", "ödeme", "poliçe", "prim", "iade", "servis", "onarım", "ret", "itiraz")


class Source(Protocol):
    toml: str
    """Where the channel finds it."""

    def put(self, bodies: Sequence[bytes]) -> None: ...


class Maildir:
    """A folder on a disk that every machine sees."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._count = folder, 0
        for name in ("new", "cur", "tmp"):
            (folder / name).mkdir(parents=True)
        self.toml = f'source = "maildir"\nmaildir = "{folder}"\nmax_bytes = {MAX_BYTES}\n'

    def put(self, bodies: Sequence[bytes]) -> None:
        for body in bodies:
            self._count += 1
            draft = self.folder / "tmp" / f"{self._count}.mail"
            draft.write_bytes(body)
            draft.rename(self.folder / "new" / draft.name)


class Imap:
    """A mailbox at a server."""

    def __init__(self, server: Dovecot, host: str = "localhost") -> None:
        self.server = server
        self.toml = (
            f'host = "{host}"\nport = {server.imap_port}\nsecurity = "none"\n'
            f'username = "{USER}"\npassword = "{PASSWORD}"\nmax_bytes = {MAX_BYTES}\n'
        )

    def put(self, bodies: Sequence[bytes]) -> None:
        self.server.deliver(bodies)


MAX_BYTES = 200_000


def subject(n: int) -> str:
    return f"Konu {n}"


def letter(n: int, chance: random.Random) -> bytes:
    """A mail of somebody of whom there is no other, about something else than all others."""
    words = " ".join(chance.choices(WORDS, k=25))
    text = TEXT.format(n=n, words=words, a=n // 100, b=f"{n % 100:02d}")
    return mail(text, key=f"m{n}", sender=f"k{n}@example.test", subject=subject(n)).body
