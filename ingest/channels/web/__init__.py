"""The channel ``web``: the form on our pages, and the JSON interface for the company's own site."""

from typing import Annotated, Literal

from pydantic import Field

from ingest.contract import ChannelSettings, Declaration
from ingest.pushed import Pushed


class Settings(ChannelSettings):
    """What stands in ``[channels.NAME]``."""

    kind: Literal["web"] = "web"
    """Which channel this is: the web form."""
    poll_seconds: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    """How often the account says that it is there; nothing is read."""
    per_visitor_hour: Annotated[int, Field(ge=1)] = 10
    """Applications from one network address within an hour."""
    max_file_mb: Annotated[float, Field(gt=0, le=200)] = 20.0
    """Largest file that may be sent with an application."""
    max_files: Annotated[int, Field(ge=0, le=50)] = 10
    """Files that may be sent with one application or message."""


MANUAL = """\
Applicants fill in the form at `/apply`; the company's own site and mobile app use the interface at
`/api/v1`, each with a key of its own (`basvuru api-key add`). What they send lands like everything
else. Without an account of this kind the pages say on which other ways one can apply.
"""

CHANNEL = Declaration(
    kind="web",
    summary="The form on our pages, and the interface for the company's own site and app.",
    settings=Settings,
    open=Pushed,
    manual=MANUAL,
    contract_version=1,
)
