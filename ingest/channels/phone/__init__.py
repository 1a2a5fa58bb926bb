"""The channel ``phone``: what colleagues write down while somebody calls, stands at the counter, or
writes on a way that cannot be read by a program."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from ingest.contract import ChannelSettings, Declaration
from ingest.pushed import Pushed


class Settings(ChannelSettings):
    """What stands in ``[channels.NAME]``."""

    kind: Literal["phone"] = "phone"
    """Which channel this is: calls, and entry by hand."""
    poll_seconds: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    """How often the account says that it is there; nothing is read."""
    secret: SecretStr = SecretStr("")
    """What the telephone system proves itself with (docs/phone.md). Empty: no call events."""
    call_back_minutes: Annotated[int, Field(ge=1, le=10_080)] = 60
    """A missed call is to be called back within this time."""

    @property
    def call_back(self) -> timedelta:
        return timedelta(minutes=self.call_back_minutes)


MANUAL = """\
Colleagues with the right to take calls use the call screen at `/staff/phone`. A telephone system
that posts call events opens it by itself and turns missed calls into call-back tasks: docs/phone.md
has the requests, and what to write into Asterisk and 3CX.
"""

CHANNEL = Declaration(
    kind="phone",
    summary="Calls, and whatever else is written down by hand.",
    settings=Settings,
    open=Pushed,
    manual=MANUAL,
    contract_version=1,
)
