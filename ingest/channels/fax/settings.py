"""What an operator may choose for a fax account."""

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from ingest.spool import DocumentSettings

Fact = Literal["number", "name", "pages", "time", "interrupted"]


class FaxSettings(DocumentSettings):
    """The table ``[channels.NAME]`` of a fax account."""

    kind: Literal["fax"] = "fax"
    """Which channel this is: received faxes."""
    source: Literal["hylafax", "spool"] = "spool"
    """`hylafax`: the folder is the recvq of a HylaFAX server. `spool`: a gateway's folder."""
    transfer_log: Annotated[Path | None, Field(examples=["/var/spool/hylafax/etc/xferfaxlog"])] = (
        None
    )
    """HylaFAX's `xferfaxlog`. With it a fax is taken as soon as its call has ended, with number,
    name and the reason of a broken call."""
    log_zone: str = "Europe/Istanbul"
    """Time zone of the HylaFAX server: its log has local times."""
    sidecar_names: Annotated[dict[Fact, str], Field(default_factory=dict)]
    """How the gateway names number, name, pages, time and interrupted in its sidecars, where it
    names them otherwise: `{number = "CallerId"}`."""

    @field_validator("log_zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is no time zone, such as Europe/Istanbul") from None
        return name

    @model_validator(mode="after")
    def _log_belongs_to_hylafax(self) -> "FaxSettings":
        if self.transfer_log is not None and self.source != "hylafax":
            raise ValueError('transfer_log goes with source = "hylafax"')
        return self
