"""What an operator may set for an account on X."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, SecretStr, field_validator

from ingest.contract import ChannelSettings
from ingest.social.http import allowed_base

OFFICIAL = "https://api.x.com"


class XSettings(ChannelSettings):
    """One account on X, by its own developer app."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "access_token": "the access token",
                    "refresh_token": "the refresh token",
                    "client_id": "the client id",
                    "client_secret": "the client secret",
                    "brand": '"Örnek Sigorta"',
                }
            ]
        }
    )

    kind: str = "x"
    """Which channel this is."""
    poll_seconds: Annotated[float, Field(gt=0, le=86_400)] = 120.0
    """Shortest time between two reads of mentions and of the search; X counts and charges them."""
    access_token: SecretStr
    """OAuth 2.0 user token of the account. Scopes: tweet.read users.read dm.read, and tweet.write
    dm.write to answer; offline.access so that it can be renewed."""
    refresh_token: SecretStr = SecretStr("")
    """Renews the access token, which lives two hours."""
    client_id: Annotated[str, Field(max_length=200)] = ""
    """Client id of the developer app; needed with `refresh_token`."""
    client_secret: SecretStr = SecretStr("")
    """Client secret of the developer app. Empty for a public client."""
    consumer_secret: SecretStr = SecretStr("")
    """API key secret of the developer app: signs webhooks. Empty: webhooks are refused."""
    brand: Annotated[str, Field(max_length=400)] = ""
    """What to search for besides mentions, in X's query language. Empty: no search."""
    direct_messages: bool = True
    """Whether direct messages are read. Encrypted chats are never visible to this product."""
    own_ids: tuple[Annotated[str, Field(pattern=r"^[0-9]{1,20}$")], ...] = ()
    """Ids of the firm's other accounts on X: what they write is no application."""
    first_days: Annotated[float, Field(gt=0, le=6)] = 1.0
    """How many days back the first read goes."""
    recheck_hours: Annotated[float, Field(ge=0, le=168)] = 24.0
    """For how long a post is looked at again for edits and deletion. 0: never."""
    budget_usd: Annotated[float, Field(ge=0, le=100_000)] | None = 5.0
    """Dollars a day that reading may cost; at the limit reading stops until the next day (UTC)."""
    post_price: Annotated[float, Field(ge=0, le=10)] = 0.005
    """What X charges for a post that is read, in dollars; 0.001 for mentions of the app's owner."""
    message_price: Annotated[float, Field(ge=0, le=10)] = 0.01
    """What X charges for a direct message that is read, in dollars."""
    dialect: Literal["tweet", "post"] = "tweet"
    """Names of fields to ask with: X renamed them in 2026. Both are understood in answers."""
    base_url: str = OFFICIAL
    """Address of the API; only a test puts another one here."""

    @field_validator("base_url")
    @classmethod
    def _only_x(cls, url: str) -> str:
        return allowed_base(url, OFFICIAL)
