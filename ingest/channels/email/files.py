"""Mail in files, for ``basvuru import``: mbox, Maildir, and folders of ``.eml``.

Source keys are the same on every run over the same files, wherever these lie: the path below the
folder that was named, for an mbox with the place and the hash of the mail.
"""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ingest.channels.email.heads import HEAD_BYTES, cut_head, received_of
from ingest.channels.email.maildir_files import FOLDERS, entries, is_maildir, read_entry
from ingest.channels.email.mbox import MboxMail, is_mbox, mails
from ingest.contract import MAX_SOURCE_KEY, RawItem

MAX_BYTES = 50_000_000


def walk(path: Path, *, max_bytes: int = MAX_BYTES) -> Iterator[RawItem]:
    """Every mail in ``path``, one at a time in memory, in the order of the file names.

    A file that is named itself is taken as an mbox or as one mail. In folders, what is read are
    Maildirs, mboxes (by their first line, whatever they are called) and ``*.eml``; links and
    hidden files are not followed. A mail above ``max_bytes``, or a file that cannot be read, comes
    as its head with ``problem``. Raises: OSError when ``path`` itself cannot be read.
    """
    if path.is_file():
        yield from _file(path, path.name, max_bytes, named=True)
    else:
        yield from _folder(path, "", max_bytes)


def _folder(folder: Path, prefix: str, max_bytes: int) -> Iterator[RawItem]:
    inside = is_maildir(folder)
    if inside:
        yield from _maildir(folder, prefix, max_bytes)
    with os.scandir(folder) as listing:
        children = sorted(listing, key=lambda child: child.name)
    for child in children:
        name = f"{prefix}{child.name}"
        if child.is_dir(follow_symlinks=False):
            if not (inside and child.name in {*FOLDERS, "tmp"}):
                yield from _folder(Path(child.path), f"{name}/", max_bytes)
        elif child.is_file(follow_symlinks=False) and not child.name.startswith("."):
            yield from _file(Path(child.path), name, max_bytes, named=False)


def _maildir(folder: Path, prefix: str, max_bytes: int) -> Iterator[RawItem]:
    for key, entry in sorted(entries(folder).items()):
        body, problem = b"", None
        try:
            body, problem = read_entry(folder, entry, max_bytes)
        except OSError as error:  # this mail; the others go on
            problem = f"unreadable at the source: {type(error).__name__}"
        received = datetime.fromtimestamp(entry.mtime, UTC)
        yield RawItem(_key(f"{prefix}{key}"), "email", body, received, problem=problem)


def _file(path: Path, name: str, max_bytes: int, *, named: bool) -> Iterator[RawItem]:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            file.seek(0)
            if is_mbox(head):
                for mail in mails(file, max_bytes):
                    yield _from_mbox(mail, name, max_bytes)
            elif named or path.suffix in {".eml", ".EML"}:
                body = file.read(max_bytes + 1)
                size = os.fstat(file.fileno()).st_size
                yield _item(_key(name), body, received_of(head), max(size, len(body)), max_bytes)
    except OSError as error:  # this file; the others go on
        problem = f"unreadable at the source: {type(error).__name__}"
        yield RawItem(_key(name), "email", b"", problem=problem)


def _from_mbox(mail: MboxMail, name: str, max_bytes: int) -> RawItem:
    body = mail.body
    digest = hashlib.sha256(body).hexdigest()[:16]
    key = _key(f"{name}@{mail.offset}:{digest}")
    return _item(key, body, mail.received_at, mail.size, max_bytes)


def _item(
    key: str, body: bytes, received_at: datetime | None, size: int, max_bytes: int
) -> RawItem:
    if size <= max_bytes:
        return RawItem(key, "email", body, received_at)
    problem = f"oversized: {size / 1e6:.0f} MB of {max_bytes / 1e6:.0f} MB"
    return RawItem(key, "email", cut_head(body), received_at, problem=problem)


def _key(name: str) -> str:
    """As it is where it is plain text of a fitting length, else its hash."""
    raw = os.fsencode(name)
    if len(raw) <= MAX_SOURCE_KEY and name.isprintable():
        return name
    return hashlib.sha256(raw).hexdigest()
