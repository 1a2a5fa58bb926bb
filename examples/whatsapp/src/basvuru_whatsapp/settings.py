"""What stands in ``[channels.NAME]``. The docstrings are the manual."""

from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from basvuru.plugin import ChannelSettings
from pydantic import Field, SecretStr, field_validator

OFFICIAL = "https://graph.facebook.com"


class Settings(ChannelSettings):
    """Settings of one WhatsApp number."""

    kind: Literal["whatsapp"] = "whatsapp"
    """Which channel this is: WhatsApp over Meta's Cloud API."""
    phone_number_id: Annotated[str, Field(pattern=r"^[0-9]{5,30}$", examples=["106540352242922"])]
    """Meta's id of the number (not the number itself): WhatsApp, API Setup."""
    access_token: SecretStr
    """Token of a system user."""
    app_secret: SecretStr
    """Secret of the app, which Meta signs its posts with: App settings, Basic."""
    verify_token: SecretStr
    """A word of your choice that Meta shows when it asks whether the address is ours."""
    api_version: Annotated[str, Field(pattern=r"^v[0-9]{2}\.[0-9]$")] = "v25.0"
    """Version of the Graph API. Meta ends each about two years after it came."""
    timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 10.0
    """Time limit for one step of a request."""
    base_url: str = OFFICIAL
    """Where the Graph API is; only Meta's address or one of this machine."""

    @field_validator("base_url")
    @classmethod
    def _goes_to_meta(cls, url: str) -> str:
        """A slip here would send the token elsewhere."""
        if url != OFFICIAL and not is_loopback(url):
            raise ValueError(f"may only be {OFFICIAL} or an address of this machine")
        return url


def is_loopback(url: str) -> bool:
    """Whether an address is of this machine, written as a number."""
    parts = urlsplit(url)
    try:
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False  # a name: it may resolve to anything
