"""What ``basvuru channel check`` says about a spool folder."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta

from ingest.contract import Finding
from ingest.errors import Later, Misconfigured
from ingest.spool.folder import Spool, oldest_change
from ingest.spool.listing import Entry
from ingest.spool.settings import SpoolSettings


def findings(spool: Spool, settings: SpoolSettings, now: datetime) -> list[Finding]:
    """The folder, the permission to move, and what lies there. Raises nothing."""
    try:
        listed = spool.listed()
    except Misconfigured as error:
        return [Finding("folder", False, error.reason, error.remedy)]
    except Later as error:
        return [Finding("folder", False, error.reason, "Look at the disk or the network share.")]
    found = [Finding("folder", True, f"{settings.folder} can be read.")]
    if settings.after == "move":
        found.append(_writable(settings))
    return [*found, _waiting(listed, settings, now)]


def _writable(settings: SpoolSettings) -> Finding:
    effective = os.access in os.supports_effective_ids
    if os.access(settings.folder, os.W_OK | os.X_OK, effective_ids=effective):
        return Finding("moving", True, "Delivered files can be moved.")
    return Finding(
        "moving",
        False,
        f"Files in {settings.folder} may not be moved.",
        'Give this program permission to write there, or set after = "leave".',
    )


def _waiting(listed: Sequence[Entry], settings: SpoolSettings, now: datetime) -> Finding:
    """With ``after = "move"`` every file in the folder waits; else they may all be delivered."""
    if not listed:
        return Finding("files", True, "No file is there.")
    age = now - oldest_change(listed)
    text = f"{len(listed)} files, the oldest there for {_words(age)}."
    limit = timedelta(seconds=settings.give_up_seconds + settings.poll_seconds + 60)
    if settings.after == "leave" or age <= limit:
        return Finding("files", True, text)
    return Finding("files", False, text, "Is the engine running, and may it read the file?")


def _words(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds()) // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2 * 24 * 60 else f"{minutes // (24 * 60)} days"
