"""What an operator may set for a company page on LinkedIn."""

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field, SecretStr, field_validator

from ingest.contract import ChannelSettings
from ingest.social.http import allowed_base

OFFICIAL = "https://api.linkedin.com"


class LinkedInSettings(ChannelSettings):
    """One company page on LinkedIn, by a developer app with the Community Management API."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"organization": "12345", "access_token": "the access token"}]
        }
    )

    kind: str = "linkedin"
    """Which channel this is."""
    poll_seconds: Annotated[float, Field(gt=0, le=86_400)] = 900.0
    """Shortest time between two reads; a quarter of an hour makes 96 requests of a day's 500."""
    organization: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    """Number of the page: the digits of `urn:li:organization:...`."""
    access_token: SecretStr
    """Token of a member who administers the page. Scopes: r_organization_social_feed
    rw_organization_admin, and w_organization_social_feed to answer. It lives 60 days."""
    refresh_token: SecretStr = SecretStr("")
    """Renews the access token for a year, then a person has to consent again."""
    client_id: Annotated[str, Field(max_length=200)] = ""
    """Client id of the developer app; needed with `refresh_token`."""
    client_secret: SecretStr = SecretStr("")
    """Client secret of the developer app: renews tokens and proves webhooks."""
    consented_on: date | None = None
    """Day on which the member signed in: a warning comes before the consent runs out."""
    version: Annotated[str, Field(pattern=r"^20[2-9][0-9](0[1-9]|1[0-2])$")] = "202609"
    """Version of the API, as year and month. One lives a year; a warning comes after nine months.
    """
    first_days: Annotated[float, Field(gt=0, le=59)] = 1.0
    """How many days back the first read goes."""
    calls_per_day: Annotated[int, Field(ge=10, le=1_000_000)] = 450
    """Requests a day (UTC) after which reading stops: LinkedIn says nothing before it refuses."""
    base_url: str = OFFICIAL
    """Address of the API; only a test puts another one here."""

    @property
    def urn(self) -> str:
        """The page as LinkedIn names it."""
        return f"urn:li:organization:{self.organization}"

    @field_validator("base_url")
    @classmethod
    def _only_linkedin(cls, url: str) -> str:
        return allowed_base(url, OFFICIAL)
