"""The API of X through tweepy, on a session of ours, in plain JSON.

tweepy is never told to wait at a limit: it would hold up the other accounts, and without the
header that says how long it asks on at once, a thousand times. It has no time limits either, and
shows tokens and texts in its debug log: see :class:`~ingest.social.http.GuardedSession` for the
first, :func:`_hush` for the second. Errors: X API, "Response codes and errors".
"""

import base64
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import requests
import tweepy
from structlog.typing import FilteringBoundLogger

from ingest.channels.x.settings import OFFICIAL, XSettings
from ingest.contract import Context
from ingest.social.http import Clock, GuardedSession, json_object
from ingest.social.tokens import Grant, TokenKeeper
from ingest.social.trouble import Cause, Trouble

Json = Mapping[str, Any]
_HOSTS = ("https://api.twitter.com", OFFICIAL)
_SIGN_IN = "Sign in to X as the account once more and put the new tokens in place."
_PAY = "Add credit in the developer console of X, or raise the spending limit there."


class Invalid(Trouble):
    """X does not understand the request (400): what it holds from before may be too old."""


class XClient:
    """One account. All methods raise Trouble."""

    def __init__(self, settings: XSettings, context: Context, clock: Clock) -> None:
        _hush()
        self._settings = settings
        self._log: FilteringBoundLogger = context.log
        self._clock = clock
        self._session = GuardedSession("X", settings.base_url, _HOSTS, clock)
        refreshes = self._refresh if settings.refresh_token.get_secret_value() else None
        self.tokens = TokenKeeper(
            settings.access_token.get_secret_value(),
            settings.refresh_token.get_secret_value(),
            refreshes,
            context.state_folder,
            context.now,
        )
        self.quota: dict[str, str] = {}

    def get(self, route: str, params: Mapping[str, str], *, what: str) -> Json:
        """An answer to GET. ``what``: the feature whose quota it tells."""
        response = self._authorised(lambda api: api.request("GET", route, params=dict(params)))
        self._remember_quota(what, response.headers)
        return json_object(response.content, "X")

    def reply(self, text: str, post: str) -> Json:
        """Answer a post in public."""
        return self._written(
            lambda api: api.create_tweet(text=text, in_reply_to_tweet_id=post, user_auth=False)
        )

    def message(self, text: str, person: str) -> Json:
        """Write a direct message."""
        return self._written(
            lambda api: api.create_direct_message(participant_id=person, text=text, user_auth=False)
        )

    def close(self) -> None:
        self._session.close()

    def _written(self, call: Callable[[tweepy.Client], Any]) -> Json:
        answer = self._authorised(call)
        return answer if isinstance(answer, dict) else {}

    def _authorised(self, call: Callable[[tweepy.Client], Any]) -> Any:
        """Once more with a new token, when the one that we have is refused."""
        token = self.tokens.get()
        try:
            return self._called(call, token)
        except Trouble as trouble:
            if trouble.cause is not Cause.DEAD or not self.tokens.renews:
                raise
        return self._called(call, self.tokens.renewed(token))

    def _called(self, call: Callable[[tweepy.Client], Any], token: str) -> Any:
        api = tweepy.Client(bearer_token=token, return_type=dict)
        api.session = self._session
        try:
            return call(api)
        except tweepy.HTTPException as error:
            trouble = _trouble(error.response, self._clock)
        except (AttributeError, KeyError, TypeError, ValueError):
            # tweepy stumbles over an error body or a header that is not as it expects
            trouble = Trouble(Cause.BUSY, "X gave an answer that is not what it should be.")
        raise trouble  # outside of ``except``: tweepy's exception holds the whole answer

    def _refresh(self, refresh_token: str) -> Grant:
        settings = self._settings
        secret = settings.client_secret.get_secret_value()
        pair = base64.b64encode(f"{settings.client_id}:{secret}".encode()).decode()
        response = self._session.post(
            f"{settings.base_url}/2/oauth2/token",
            data={
                "grant_type": "refresh_token",
                "refresh_token": refresh_token,
                "client_id": settings.client_id,
            },
            headers={"Authorization": f"Basic {pair}"} if secret else {},
        )
        if response.status_code in (400, 401):
            raise Trouble(Cause.DEAD, "X does not renew the access token.", remedy=_SIGN_IN)
        if response.status_code != 200:
            raise _trouble(response, self._clock)
        self._log.info("x.token_renewed")
        return _grant(json_object(response.content, "X"))

    def _remember_quota(self, what: str, headers: Mapping[str, str]) -> None:
        left, most = headers.get("x-rate-limit-remaining"), headers.get("x-rate-limit-limit")
        if left and most and left.isdigit() and most.isdigit():
            self.quota[what] = f"{left[:9]} of {most[:9]} requests left"


def _grant(answer: Json) -> Grant:
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not isinstance(access, str) or not access:
        raise Trouble(Cause.BUSY, "X renewed the access token and gave none.")
    seconds = answer.get("expires_in")
    lasts = timedelta(seconds=seconds) if isinstance(seconds, int) else None
    return Grant(access, refresh if isinstance(refresh, str) else "", lasts)


def _trouble(response: requests.Response, clock: Clock) -> Trouble:
    """What a refusal means. The body only sorts it; nothing of it is quoted."""
    status, body = response.status_code, _body(response)
    if status == 401:
        return Trouble(Cause.DEAD, "X refuses the access token.", remedy=_SIGN_IN)
    if status == 402:
        return Trouble(Cause.NO_CREDIT, "The account at X has no credit left.", remedy=_PAY)
    if status == 403:
        return _forbidden(body)
    if status == 429:
        return _throttled(response, body, clock)
    if status == 404:
        return Trouble(Cause.PERMISSION, "X does not know what was asked for (404).", remedy=_SEE)
    if status == 400:
        return Invalid(Cause.BUSY, "X calls our request invalid (400).", remedy=_SEE)
    return Trouble(Cause.BUSY, f"X answered {status}.")


_SEE = "Look into the app's settings in the developer console of X."


def _forbidden(body: str) -> Trouble:
    if "duplicate content" in body:
        return Trouble(Cause.PERMISSION, "X has this very text already.", remedy=_SEE)
    remedy = "Give the app the missing scope in the console of X and sign in once more."
    return Trouble(Cause.PERMISSION, "X does not allow this to the account (403).", remedy=remedy)


def _throttled(response: requests.Response, body: str, clock: Clock) -> Trouble:
    if "usage-capped" in body or "UsageCapExceeded" in body:
        reason = "The usage cap of the app at X is reached."
        return Trouble(Cause.NO_CREDIT, reason, remedy=_PAY)
    after = clock.until(response.headers.get("x-rate-limit-reset", ""), response.headers)
    return Trouble(Cause.THROTTLED, "X asks us to come back later (429).", after=after)


def _body(response: requests.Response) -> str:
    return response.content[:4_096].decode("utf-8", "replace")


def _hush() -> None:
    """tweepy writes the token and whole answers to its debug log."""
    for name in ("tweepy", "tweepy.client", "oauthlib", "requests_oauthlib"):
        logging.getLogger(name).setLevel(logging.INFO)
