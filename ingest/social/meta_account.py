"""One account at Meta: how it is set up, how it is reached, and what operators call it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator

from ingest.contract import ChannelSettings, Context
from ingest.social.graph import OFFICIAL, Access, Graph
from ingest.social.graph_failures import GraphFailure
from ingest.social.http import Clock, allowed_base
from ingest.social.state import StateFile
from ingest.social.trouble import Trouble

BUSY_PERCENT = 80
"""From this share of Meta's limits on we ask less often; at 100 it would refuse us."""
_DAY = timedelta(days=1)

Id = Annotated[str, Field(pattern=r"^[0-9]{1,30}$")]


class MetaSettings(ChannelSettings):
    """What Facebook and Instagram have in common: both are reached with the token of a Page."""

    poll_seconds: Annotated[float, Field(gt=0, le=86_400)] = 180.0
    """Time between two readings. Meta's limits grow with the visitors: a quiet Page allows few
    calls, and needs few."""
    page_id: Annotated[Id, Field(examples=["100000000000001"])]
    """Id of the Facebook Page (Page settings, "About")."""
    page_token: Annotated[SecretStr, Field(examples=["the Page access token"])]
    """Access token of the Page, derived from a long-lived user token, so that it does not expire
    by itself."""
    app_secret: SecretStr = SecretStr("")
    """Secret of the Meta app: signs our calls, and proves that a webhook comes from Meta. Empty: no
    webhooks."""
    verify_token: SecretStr = SecretStr("")
    """Word of your choice that is entered with the webhook's address in the Meta app."""
    own_accounts: tuple[str, ...] = ()
    """Ids (of Instagram: user names) of the company's other accounts: what they write is ours."""
    first_days: Annotated[int, Field(ge=0, le=90)] = 1
    """Days before the first reading from which things are still read as new."""
    human_agent: bool = False
    """Meta has allowed the app to answer messages within 7 days (feature "Human Agent") instead
    of 24 hours."""
    graph_version: Annotated[str, Field(pattern=r"^v\d{2}\.\d{1,2}$")] = "v26.0"
    """Version of the Graph API. Meta serves each for about two years."""
    token_in: Literal["header", "query"] = "header"  # noqa: S105  the name of a place
    """Where the token travels. `query` only if Meta refuses the header."""
    graph_url: str = OFFICIAL
    """Address of the Graph API; another one than Meta's only on this machine, for tests."""

    @field_validator("graph_url")
    @classmethod
    def _meta_or_this_machine(cls, url: str) -> str:
        return allowed_base(url, OFFICIAL)


class Account:
    """``name`` stands in every sentence for an operator. ``us``: our own id on the network that
    is read, the Page's or the Instagram account's."""

    def __init__(self, settings: MetaSettings, context: Context, name: str, us: str) -> None:
        self.settings = settings
        self.name = name
        self.us = us
        self.page = settings.page_id
        self.own = frozenset((settings.page_id, us, *settings.own_accounts))
        self.state = StateFile(context.state_folder)
        self._clock = Clock(context.now)
        self._heard = False
        self.graph = Graph(_access(settings), self._clock, context.now)
        self.stopping: Callable[[], bool] = context.stopping

    def now(self) -> datetime:
        """By Meta's clock, as far as known."""
        return self._clock.now()

    def asked_now(self) -> datetime:
        """By Meta's clock, and it is known: ours may be wrong by days. Also shows that the
        account itself can be read. Raises: GraphFailure, Trouble."""
        if not self._heard:
            self.graph.object(self.us, "id")
            self._heard = True
        return self.now()

    @property
    def every(self) -> timedelta:
        """Time between two readings of a feature."""
        busy = self.graph.usage.percent >= BUSY_PERCENT
        return timedelta(seconds=self.settings.poll_seconds * (4 if busy else 1))

    def look_at_token(self) -> None:
        """Once a day: until when the token lives. An answer that does not come changes nothing:
        whether it lives is seen in everything else."""
        known = self.state.section("token")
        asked_at = datetime.fromisoformat(known["asked_at"]) if "asked_at" in known else None
        if asked_at is not None and abs(self.now() - asked_at) < _DAY:
            return
        known["asked_at"] = self.now().isoformat()
        token = self.settings.page_token.get_secret_value()
        try:
            told = self.graph.object("debug_token", "expires_at", input_token=token).get("data")
        except (GraphFailure, Trouble):
            told = None
        for name in ("expires_at", "data_access_expires_at"):
            known[name] = told.get(name) if isinstance(told, dict) else None
        self.state.save()

    def token_expires_at(self) -> datetime | None:
        """The earlier of the two ends that a token has, as far as known."""
        known = self.state.section("token")
        told = [known.get(name) for name in ("expires_at", "data_access_expires_at")]
        ends = [end for end in told if isinstance(end, int) and 0 < end < 1e11]
        return datetime.fromtimestamp(min(ends), self.now().tzinfo) if ends else None


def _access(settings: MetaSettings) -> Access:
    return Access(
        token=settings.page_token.get_secret_value(),
        secret=settings.app_secret.get_secret_value(),
        base=settings.graph_url,
        version=settings.graph_version,
        in_query=settings.token_in == "query",  # noqa: S105  the name of a place
    )
