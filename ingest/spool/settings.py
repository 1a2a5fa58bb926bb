"""Settings that all channels which read files have."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from ingest.contract import ChannelSettings


class SpoolSettings(ChannelSettings):
    """Settings of every channel that reads files from a folder."""

    folder: Annotated[Path, Field(examples=["/srv/basvuru/incoming"])]
    """Folder that is read, with the folders below it."""
    after: Literal["leave", "move"] = "leave"
    """What becomes of a file once it is recorded: it stays, or moves into `processed` below the
    folder. It is never deleted or overwritten. After a restore of the database from a backup, move
    later files back: those that are known are passed over."""
    settle_seconds: Annotated[float, Field(ge=0, le=3600)] = 5.0
    """A file is read when it has not changed for this long. The clocks of the file server and of
    this machine should agree (NTP)."""
    give_up_seconds: Annotated[float, Field(ge=0, le=604_800)] = 3600.0
    """A file without its end that has not changed for this long is handed in as incomplete."""
    max_bytes: Annotated[int, Field(ge=1, le=1_000_000_000)] = 50_000_000
    """Larger files are not read: their first 64 kB are set aside, and the file can be fetched."""


class DocumentSettings(SpoolSettings):
    """Settings of channels whose documents may have a sidecar or a telling name."""

    sidecar_seconds: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    """How long a document waits for its sidecar (`NAME.json` or `NAME.xml` beside it). 0: one that
    is there is used, none is waited for."""
    name_pattern: Annotated[str, Field(max_length=300, examples=[r"(?P<number>\d{10,13})_.*"])] = ""
    """Regular expression that the file name without its suffix has to match as a whole; its named
    groups are facts. A sidecar counts before it."""

    @field_validator("name_pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"is no regular expression: {error}") from None
        return pattern
