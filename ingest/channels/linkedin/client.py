"""The REST API of LinkedIn: versioned, Rest.li 2.0.0, and silent about its limits.

Structures in a query keep their own brackets and commas while values in them are encoded whole, so
queries are built here and never by the HTTP library. LinkedIn, "Versioning", "Protocol version",
"Error handling".
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx2

from ingest.channels.linkedin.calls import Calls, until_midnight
from ingest.channels.linkedin.settings import OFFICIAL, LinkedInSettings
from ingest.contract import Context
from ingest.social.http import (
    CONNECT_SECONDS,
    READ_SECONDS,
    Clock,
    bounded,
    json_object,
    retry_after,
)
from ingest.social.state import StateFile
from ingest.social.tokens import Grant, TokenKeeper
from ingest.social.trouble import Cause, Trouble

Json = Mapping[str, Any]
_OAUTH = "https://www.linkedin.com"
_SIGN_IN = "Sign in to LinkedIn as an administrator of the page and put the new token in place."
_ROLE = "Make the member who signed in an administrator of the page, and check the app's scopes."
_CREATE_PAUSE = timedelta(minutes=5)


class Gone(Trouble):
    """There is nothing under this address (404)."""


def encoded(value: str) -> str:
    """A value in a path or query: everything, colons, brackets and commas too."""
    return quote(value, safe="").replace("'", "%27").replace("(", "%28").replace(")", "%29")


def listed(values: Iterable[str]) -> str:
    """A list of Rest.li."""
    return f"List({','.join(encoded(value) for value in values)})"


class LinkedInClient:
    """One page. All methods raise Trouble."""

    def __init__(
        self, settings: LinkedInSettings, context: Context, clock: Clock, state: StateFile
    ) -> None:
        self._settings = settings
        self._clock = clock
        self.calls = Calls(settings.calls_per_day, state, clock.now)
        self._http = httpx2.Client(
            timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )
        refreshes = self._refresh if settings.refresh_token.get_secret_value() else None
        self.tokens = TokenKeeper(
            settings.access_token.get_secret_value(),
            settings.refresh_token.get_secret_value(),
            refreshes,
            context.state_folder,
            context.now,
        )

    def get(self, path: str, query: str = "") -> Json:
        """The answer to GET. ``query`` as it is to stand in the address."""
        self.calls.count()
        address = f"{self._settings.base_url}/rest{path}{'?' if query else ''}{query}"
        return json_object(self._authorised("GET", address)[1], "LinkedIn")

    def post(self, path: str, body: Json) -> str:
        """POST; the id of what was made, or nothing when LinkedIn does not say it."""
        self.calls.count()
        address = f"{self._settings.base_url}/rest{path}"
        content = json.dumps(body, ensure_ascii=False).encode()
        headers, _ = self._authorised("POST", address, content)
        return headers.get("x-restli-id", "")

    def close(self) -> None:
        self._http.close()

    def _authorised(
        self, method: str, address: str, content: bytes | None = None
    ) -> tuple[Mapping[str, str], bytes]:
        """Once more with a new token, when the one that we have is refused."""
        token = self.tokens.get()
        status, headers, body = self._sent(method, address, self._headers(token, content), content)
        if status == 401 and self.tokens.renews:
            renewed = self._headers(self.tokens.renewed(token), content)
            status, headers, body = self._sent(method, address, renewed, content)
        if not 200 <= status < 300:
            raise self._trouble(status, headers, body)
        return headers, body

    def _headers(self, token: str, content: bytes | None) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {token}",
            "LinkedIn-Version": self._settings.version,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        return headers | ({"Content-Type": "application/json"} if content is not None else {})

    def _sent(
        self, method: str, address: str, headers: Mapping[str, str], content: bytes | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        failure, asked = "", True
        try:
            with self._http.stream(method, address, headers=headers, content=content) as response:
                body = bounded(response.iter_bytes(), "LinkedIn")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            failure = type(error).__name__
            asked = not isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
        if failure:  # outside of ``except``: the library's exception holds request and token
            raise Trouble(Cause.BUSY, f"LinkedIn cannot be reached ({failure}).", asked=asked)
        self._clock.heard(response.headers)
        return response.status_code, response.headers, body

    def _trouble(self, status: int, headers: Mapping[str, str], body: bytes) -> Trouble:
        """What a refusal means. The body only sorts it; nothing of it is quoted."""
        if status == 401:
            return Trouble(Cause.DEAD, "LinkedIn refuses the access token.", remedy=_SIGN_IN)
        if status == 403:
            return Trouble(Cause.PERMISSION, "LinkedIn does not allow this (403).", remedy=_ROLE)
        if status == 404:
            return Gone(Cause.BUSY, "LinkedIn does not know what was asked for (404).")
        if status == 426:
            reason = f"LinkedIn does not serve version {self._settings.version} any more."
            remedy = "Set `version` to a current one, for example that of last month."
            return Trouble(Cause.VERSION, reason, remedy=remedy)
        if status == 429:
            return self._throttled(headers, body)
        return Trouble(Cause.BUSY, f"LinkedIn answered {status}.")

    def _throttled(self, headers: Mapping[str, str], body: bytes) -> Trouble:
        """LinkedIn names no time: what is counted by the day begins anew at midnight (UTC)."""
        unsaid = until_midnight(self._clock.now())
        if b"create throttled" in body[:4_096]:
            unsaid = _CREATE_PAUSE
        after = retry_after(headers) or unsaid
        return Trouble(Cause.THROTTLED, "LinkedIn asks us to come back later (429).", after=after)

    def _refresh(self, refresh_token: str) -> Grant:
        settings = self._settings
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": settings.client_id,
            "client_secret": settings.client_secret.get_secret_value(),
        }
        host = _OAUTH if settings.base_url == OFFICIAL else settings.base_url
        content = "&".join(f"{name}={quote(value, safe='')}" for name, value in form.items())
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        address = f"{host}/oauth/v2/accessToken"
        status, headers, body = self._sent("POST", address, kind, content.encode())
        if status in (400, 401):
            reason = "LinkedIn does not renew the access token."
            raise Trouble(Cause.DEAD, reason, remedy=_SIGN_IN)
        if status != 200:
            raise self._trouble(status, headers, body)
        return _grant(json_object(body, "LinkedIn"))


def _grant(answer: Json) -> Grant:
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not isinstance(access, str) or not access:
        raise Trouble(Cause.BUSY, "LinkedIn renewed the access token and gave none.")
    seconds = answer.get("expires_in")
    lasts = timedelta(seconds=seconds) if isinstance(seconds, int) else None
    return Grant(access, refresh if isinstance(refresh, str) else "", lasts)


def milliseconds(moment: datetime) -> int:
    """A time as LinkedIn counts it."""
    return int(moment.astimezone(UTC).timestamp() * 1000)
