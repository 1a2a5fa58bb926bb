"""The credential board of a page: from what we know, nobody is asked."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from ingest.channels.linkedin.calls import Calls
from ingest.channels.linkedin.settings import LinkedInSettings
from ingest.contract import Credential
from ingest.social import expiry
from ingest.social.parking import Parking
from ingest.social.tokens import TokenKeeper

ACCESS_LIVES = timedelta(days=60)
CONSENT_LIVES = timedelta(days=365)
_SIGN_IN = "Sign in to LinkedIn as an administrator of the page and put the new token in place."
_WARNED = timedelta(days=92)
"""A version is warned of three months before its end: changing it wants a look at the changes."""


def board(
    settings: LinkedInSettings,
    tokens: TokenKeeper,
    calls: Calls,
    parking: Parking,
    features: Sequence[str],
    now: datetime,
) -> list[Credential]:
    """Consent, version, requests of the day, and each feature."""
    return [
        _access(settings, tokens, now),
        version_line(settings.version, now),
        *(parking.line(name) for name in features),
        _requests(calls),
    ]


def version_end(version: str) -> datetime:
    """When LinkedIn stops to serve a version: a year after its month began, at the earliest."""
    return datetime(int(version[:4]) + 1, int(version[4:]), 1, tzinfo=UTC)


def version_line(version: str, now: datetime) -> Credential:
    remedy = "Read LinkedIn's notes on what changed, then set `version` to that of last month."
    end = version_end(version)
    return expiry.line("API version", end, now, remedy=remedy, detail=version, ahead=_WARNED)


def _access(settings: LinkedInSettings, tokens: TokenKeeper, now: datetime) -> Credential:
    """A refresh token is not extended by its use: after a year a person consents again."""
    lives = CONSENT_LIVES if tokens.renews else ACCESS_LIVES
    signed_in = settings.consented_on
    until = datetime.combine(signed_in, time(tzinfo=UTC)) + lives if signed_in else None
    unknown = "" if until else "set `consented_on`, and a warning comes before it ends"
    return expiry.line("consent", until, now, remedy=_SIGN_IN, detail=unknown)


def _requests(calls: Calls) -> Credential:
    state = "parked" if calls.made >= calls.most else "ok"
    return Credential("requests", state, quota=f"{calls.made} of {calls.most} today")
