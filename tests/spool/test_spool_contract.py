"""The contract suite, applied to the three channels that read files."""

import io
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PIL import Image
from spool_tools import SAMPLES

from ingest.channels import fax, folder, post
from ingest.testkit.suite import ChannelContract
from ingest.testkit.world import World

MAX_BYTES = 100_000


class FolderWorld(World):
    """A folder into which files are written."""

    declaration = folder.CHANNEL
    without: ClassVar[Mapping[str, str]] = {
        "cut": "a folder has no connection; a missing one is for the operator",
        "mend": "see cut",
        "throttle": "a folder does not ask to come back later",
        "secrets": "a folder has no password",
    }
    suffix = ".txt"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.written = 0

    def table(self) -> dict[str, Any]:
        return {
            "kind": self.declaration.kind,
            "folder": str(self.inbox),
            "settle_seconds": 0,
            "give_up_seconds": 0,
            "max_bytes": MAX_BYTES,
        }

    def body(self, number: int) -> bytes:
        return f"Başvuru {number}: {self.personal()[0]}".encode()

    def write(self, body: bytes, name: bytes = b"") -> bytes:
        self.written += 1
        name = name or f"{self.written:06d}{self.suffix}".encode()
        Path(os.fsdecode(os.fsencode(self.inbox) + b"/" + name)).write_bytes(body)
        return body

    def put(self, count: int) -> Sequence[bytes]:
        return [self.write(self.body(self.written)) for _ in range(count)]

    def twins(self) -> None:
        body = self.body(0)
        self.write(body)
        self.write(body)

    def redeliver(self) -> None:
        """The folder is restored from a copy."""
        copy = self.folder / "copy"
        shutil.copytree(self.inbox, copy)
        shutil.rmtree(self.inbox)
        copy.rename(self.inbox)

    def huge(self) -> int:
        return len(self.write(self.body(0) + b"x" * MAX_BYTES))

    def malformed(self) -> None:
        self.write(b"")

    def hostile(self) -> Sequence[bytes]:
        suffix = self.suffix.encode()
        names = [
            "Şikâyet İĞÜ".encode(),
            "S\u0327ika\u0302yet".encode(),
            "dilekçe".encode("iso-8859-9"),
            b"line\nbreak\x07",
            "\u202edilekce".encode(),
            b"%2e%2e%2f%2e%2e%2fetc",
            ("ş" * 120).encode(),
            b"' OR 1=1; --",
        ]
        return [self.write(self.body(900 + n), name + suffix) for n, name in enumerate(names)]

    def kill_credential(self) -> None:
        """Permissions do not bind root; an account whose folder is taken away fails alike."""
        self.inbox.rename(self.folder / "taken-away")

    def personal(self) -> Sequence[str]:
        return ["Zeynep Misal"]


class FaxWorld(FolderWorld):
    """A fax gateway that writes TIFF files with sidecars."""

    declaration = fax.CHANNEL
    suffix = ".tif"

    def table(self) -> dict[str, Any]:
        return super().table() | {"source": "spool"}

    def body(self, number: int) -> bytes:
        page, file = Image.new("1", (172, 220), 1), io.BytesIO()
        page.save(file, "TIFF", compression="group4", description=f"fax {number}")
        return file.getvalue()

    def write(self, body: bytes, name: bytes = b"") -> bytes:
        written = super().write(body, name)
        facts = {"number": "0555 000 12 34", "name": self.personal()[0]}
        (self.inbox / f"{self.written:06d}.json").write_text(json.dumps(facts))
        return written


class PostWorld(FolderWorld):
    """A scan station that writes PDF files."""

    declaration = post.CHANNEL
    suffix = ".pdf"

    def body(self, number: int) -> bytes:
        return (SAMPLES / "post/kasko-dilekce.pdf").read_bytes() + b"\n%% %d\n%%%%EOF\n" % number

    def huge(self) -> int:
        return len(self.write(self.body(0) + b"%" + b"x" * MAX_BYTES + b"\n%%EOF\n"))


class TestFolderContract(ChannelContract):
    world = FolderWorld


@pytest.mark.slow
class TestFaxContract(ChannelContract):
    world = FaxWorld


@pytest.mark.slow
class TestPostContract(ChannelContract):
    world = PostWorld
