"""Backup and restore: database and blobs as they belong together.

The moment is that of the database's copy. Blobs are never changed, and their rows are committed
after them: whatever that copy names is in the store when it is taken, so the blobs may be fetched
afterwards, while everybody goes on working. Only an erasure takes bytes away; those are counted.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from basvuru.verifying import Progress, Report, needed, silent, verify
from config.clock import local_date
from storage import applications, backing_up, switches, verifying
from storage.backing_up import BackupFailed
from storage.blobs import BlobStore, FolderBlobs
from storage.engine import Database

DATABASE, BLOBS, ABOUT = "database", "blobs", "backup.json"
REASON = "restored from a backup: see docs/operators.md, Restore"


@dataclass(frozen=True, slots=True)
class About:
    """What is written last: a folder without it is no backup. ``erased``: blobs that an erasure
    took between the copy of the database and their turn."""

    taken_at: str
    database: str
    blobs: int
    bytes: int
    erased: int


def back_up(
    database: Database, blobs: BlobStore, folder: Path, now: datetime, progress: Progress = silent
) -> About:
    """Into a new folder. Raises: BackupFailed, OSError, storage.engine.Unavailable."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise BackupFailed(
            f"{folder} is not empty.", remedy="Give each backup a folder of its own."
        )
    blobs.check()
    with backing_up.copied(database, folder / DATABASE) as connection:
        names = sorted(set(verifying.named_blobs(connection)))
    os.chmod(folder / DATABASE, 0o600)  # noqa: PTH101
    target = FolderBlobs(folder / BLOBS)
    target.prepare()
    missing, size = _copy(names, blobs, target, progress)
    if lost := missing & needed(database):
        raise BackupFailed(
            f"{len(lost)} blobs that rows need are not in the store.", remedy="`basvuru verify`."
        )
    kind = "sqlite" if database.is_sqlite else "postgresql"
    about = About(now.isoformat(), kind, len(names) - len(missing), size, len(missing))
    _write_durably(folder / ABOUT, json.dumps(asdict(about), indent=1))
    return about


def read_about(folder: Path) -> About:
    """Raises: BackupFailed."""
    try:
        return About(**json.loads((folder / ABOUT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise BackupFailed(
            f"{folder} is no finished backup.", remedy=f"A finished one has a file {ABOUT}."
        ) from None


def restore(
    folder: Path,
    database: Database,
    blobs: BlobStore,
    now: datetime,
    *,
    skip_numbers: int,
    progress: Progress = silent,
) -> Report:
    """Into an empty database and a prepared store; then verified.

    Left in maintenance mode, with ``skip_numbers`` numbers passed over: what happened after the
    backup is not known here. No number may be given twice, and nobody may be told again what was
    told already, before a person has looked. Raises: BackupFailed, OSError.
    """
    about = read_about(folder)
    kind = "sqlite" if database.is_sqlite else "postgresql"
    if about.database != kind:
        raise BackupFailed(f"The backup is of {about.database}, the database set here is {kind}.")
    source = FolderBlobs(folder / BLOBS)
    names = sorted(one.key for one in source.stored())
    if len(names) < about.blobs:
        raise BackupFailed(f"{about.blobs - len(names)} blobs of the backup are not in its folder.")
    _copy(names, source, blobs, progress)  # before the rows that name them
    backing_up.put_back(database, folder / DATABASE)
    with database.write() as connection:
        switches.begin_maintenance(connection, by="restore", reason=REASON, now=now)
        if skip_numbers:
            applications.next_in_sequence(connection, local_date(now).year, skip_numbers)
    return verify(database, blobs, now, progress)


def _copy(
    names: Iterable[str], source: BlobStore, target: BlobStore, progress: Progress
) -> tuple[set[str], int]:
    """(what was not there, bytes that were copied)."""
    names, missing, size = list(names), set(), 0
    for done, key in enumerate(names, 1):
        try:
            content = source.get(key)
        except KeyError:
            missing.add(key)
            continue
        if target.put([content]) != [key]:
            raise BackupFailed(f"The blob {key} is not what it was.", remedy="`basvuru verify`.")
        size += len(content)
        progress("copy", done, len(names))
    return missing, size


def _write_durably(file: Path, content: str) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
