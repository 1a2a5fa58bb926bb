"""The contract suite on every channel that we ship."""

import itertools
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from ingest.registry import declaration, declarations, manual, sample_toml
from ingest.testkit.suite import ChannelContract
from ingest.testkit.world import World

KINDS = ("email", "fax", "folder", "post")
PERSON = "Zzelda Örnekoğlu"
LOCAL = "a local folder has no connection and is never busy"


@pytest.mark.parametrize("kind", KINDS)
def test_built_in_channels_come_through_the_door_and_print_their_manual(kind: str) -> None:
    described = declarations()[kind]
    assert described.summary in manual(described)
    assert f"[channels.{kind}]" in sample_toml(described)


class FolderWorld(World):
    """A folder that somebody puts files into."""

    kind: ClassVar = "folder"
    suffix: ClassVar = ".txt"
    after: ClassVar = "leave"
    without: ClassVar = {
        "secrets": "a folder has no password",
        "cut": LOCAL,
        "throttle": LOCAL,
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.declaration = declaration(self.kind)
        self.incoming = folder / "incoming"
        self.incoming.mkdir()
        self.numbers = itertools.count(1)

    def table(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "folder": str(self.incoming),
            "after": self.after,
            "settle_seconds": 0,
            "give_up_seconds": 0,
            "max_bytes": 2_000,
        }

    def content(self, text: str) -> bytes:
        """The bytes of a sound file with this text in it."""
        return b"%s\r\n\xfe\xff\r\n" % text.encode()

    def write(self, name: str | bytes, body: bytes) -> bytes:
        path = os.path.join(os.fsencode(self.incoming), os.fsencode(name))  # noqa: PTH118  raw bytes
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(body)
        return body

    def put(self, count: int) -> Sequence[bytes]:
        return [self._one(next(self.numbers)) for _ in range(count)]

    def _one(self, number: int) -> bytes:
        return self.write(f"{PERSON} {number}{self.suffix}", self.content(f"{PERSON} {number}"))

    def twins(self) -> None:
        for name in ("one", "two"):
            self.write(name + self.suffix, self.content("the same"))

    def redeliver(self) -> None:
        """Every file is restored from a backup: another inode and change time, the same file."""
        for path in list(self.incoming.rglob(f"*{self.suffix}")):
            backup = self.folder / "backup"
            shutil.copy2(path, backup)
            backup.replace(path)

    def huge(self) -> int:
        return len(self.write("huge" + self.suffix, self.content("x" * 200_000)))

    def malformed(self) -> None:
        self.write(f"{PERSON} broken{self.suffix}", b"")

    def hostile(self) -> Sequence[bytes]:
        names: list[str | bytes] = [
            "\u0130stek",  # İ in one code point ...
            "I\u0307stek",  # ... and in two
            b"\xddstek",  # ... and in ISO 8859-9, no valid UTF-8
            "a\nb\x1b[31m",
            "; rm -rf ..",
            "n" * 240,
        ]
        return [
            self.write(os.fsencode(name) + self.suffix.encode(), self.content(f"hostile {number}"))
            for number, name in enumerate(names)
        ]

    def kill_credential(self) -> None:
        """As root no permission can be taken away; a folder that is gone needs the operator too."""
        shutil.rmtree(self.incoming)

    def personal(self) -> Sequence[str]:
        return [PERSON]


class Moving(FolderWorld):
    """The receipt moves files; after a restore the operator moves them back."""

    after: ClassVar = "move"

    def rewind(self) -> None:
        for path in (self.incoming / "processed").rglob(f"*{self.suffix}"):
            path.rename(self.incoming / path.name)


class MovingFolderWorld(Moving):
    """The same, with moving."""


class FaxWorld(FolderWorld):
    kind: ClassVar = "fax"
    suffix: ClassVar = ".pdf"

    def content(self, text: str) -> bytes:
        return b"%%PDF-1.4\n%% %s\n%%%%EOF\n" % text.encode()

    def malformed(self) -> None:
        self.write(f"{PERSON} broken{self.suffix}", self.content(PERSON)[:-6])


class MovingFaxWorld(Moving, FaxWorld):
    """The same, with moving."""


class PostWorld(FaxWorld):
    kind: ClassVar = "post"


class MovingPostWorld(Moving, PostWorld):
    """The same, with moving."""


class MaildirWorld(World):
    """A Maildir that a mail server delivers into."""

    after: ClassVar = "leave"
    without: ClassVar = {
        "secrets": "a Maildir has no password",
        "cut": LOCAL,
        "throttle": LOCAL,
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.declaration = declaration("email")
        self.maildir = folder / "Maildir"
        for part in ("new", "cur", "tmp"):
            (self.maildir / part).mkdir(parents=True)
        self.numbers = itertools.count(1)

    def table(self) -> dict[str, Any]:
        return {
            "kind": "email",
            "source": "maildir",
            "maildir": str(self.maildir),
            "after": self.after,
            "max_bytes": 2_000,
        }

    def deliver(self, body: bytes) -> bytes:
        """As a mail server does: written below tmp, then renamed into new (cr.yp.to/proto)."""
        name = f"1770000000.M{next(self.numbers)}P1.mx.example.test"
        (self.maildir / "tmp" / name).write_bytes(body)
        (self.maildir / "tmp" / name).rename(self.maildir / "new" / name)
        return body

    def mail(self, subject: str, text: bytes) -> bytes:
        head = f"From: {PERSON} <zzelda@example.test>\r\nSubject: {subject}\r\n"
        return head.encode() + b"Date: Tue, 10 Mar 2026 12:00:00 +0300\r\n\r\n" + text

    def put(self, count: int) -> Sequence[bytes]:
        return [
            self.deliver(self.mail(f"Complaint {next(self.numbers)}", b"\xfe\xff\r\n"))
            for _ in range(count)
        ]

    def twins(self) -> None:
        for _ in range(2):
            self.deliver(self.mail("the same", b"the same\r\n"))

    def redeliver(self) -> None:
        """A mail program opens the folder: mails pass from new to cur and get flags."""
        for path in list((self.maildir / "new").iterdir()):
            path.rename(self.maildir / "cur" / f"{path.name}:2,S")

    def huge(self) -> int:
        return len(self.deliver(self.mail("huge", b"x" * 200_000)))

    def malformed(self) -> None:
        self.deliver(b"")

    def hostile(self) -> Sequence[bytes]:
        return [
            self.deliver(b"From: \xff\xfe\r\nSubject: =?utf-8?B?4pi?=\r\n\r\n\x00"),
            self.deliver(b"\r\n\r\n\r\n"),
            self.deliver(b"Subject: " + b"n" * 1_500 + b"\n\nbare line ends\n"),
        ]

    def kill_credential(self) -> None:
        shutil.rmtree(self.maildir)

    def personal(self) -> Sequence[str]:
        return [PERSON, "zzelda@example.test", "Complaint"]


class MovingMaildirWorld(MaildirWorld):
    after: ClassVar = "move"


class TestFolder(ChannelContract):
    world = FolderWorld


class TestFolderThatMoves(ChannelContract):
    world = MovingFolderWorld


class TestFax(ChannelContract):
    world = FaxWorld


class TestFaxThatMoves(ChannelContract):
    world = MovingFaxWorld


class TestPost(ChannelContract):
    world = PostWorld


class TestPostThatMoves(ChannelContract):
    world = MovingPostWorld


class TestMaildir(ChannelContract):
    world = MaildirWorld


class TestMaildirThatMoves(ChannelContract):
    world = MovingMaildirWorld
