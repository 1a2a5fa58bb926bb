"""Meta's Graph API: facebook-sdk, behind a session that makes it safe to use.

facebook-sdk 3.1.0 is the named client and no longer maintained: it asks for a dead version of
the API, knows no time limit, puts the token into every address (and so into error texts), takes
an error page for a success, and fails with KeyError without a content type. All that is settled
here; replacing the package would change this file and no other.

Raised are :class:`~ingest.social.graph_failures.GraphFailure`, and
:class:`~ingest.social.trouble.Trouble` where there was no answer.
"""

import hashlib
import hmac
import json
import logging
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import facebook
import requests

from ingest.social.graph_failures import GraphFailure, Why, sorted_failure
from ingest.social.http import Clock, GuardedSession, retry_after

OFFICIAL = "https://graph.facebook.com"
LIMIT = 100
"""Objects on one page of an edge: more is refused."""
MAX_PAGES = 200
"""Pages of one edge that are read in one go."""

Json = dict[str, Any]
_PATH = re.compile(r"[\w.:$=-]{1,300}(/[a-z_]{1,40})?", re.ASCII)
"""What may stand behind the version in an address: an id, and an edge."""
_SHARES = ("call_count", "total_time", "total_cputime")


@dataclass(frozen=True, slots=True)
class Access:
    """Where and as whom. ``secret``: the app's, with which each call is signed
    (appsecret_proof). ``in_query``: the token goes into the address, for edges that do not take
    it in a header."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    base: str = OFFICIAL
    version: str = "v26.0"
    in_query: bool = False

    def proof(self) -> dict[str, str]:
        if not self.secret:
            return {}
        mac = hmac.new(self.secret.encode(), self.token.encode(), hashlib.sha256)
        return {"appsecret_proof": mac.hexdigest()}


@dataclass(slots=True)
class Usage:
    """What the last answer's headers say. ``percent``: how much of the limits is used up."""

    percent: int = 0
    regain: timedelta | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        told = [_object(headers.get("X-App-Usage", ""))]
        for cases in _object(headers.get("X-Business-Use-Case-Usage", "")).values():
            told += [case for case in cases if isinstance(case, dict)] * isinstance(cases, list)
        self.percent = max(_number(row.get(share)) for row in told for share in _SHARES)
        minutes = max(_number(row.get("estimated_time_to_regain_access")) for row in told)
        self.regain = timedelta(minutes=minutes) if minutes > 0 else None


class GraphSession(GuardedSession):
    """What facebook-sdk is given as its session. It is not given the token: that is put in here."""

    def __init__(self, access: Access, clock: Clock) -> None:
        super().__init__("Meta", access.base, [OFFICIAL], clock)
        self.usage = Usage()
        self._access = access
        logging.getLogger("urllib3").setLevel(logging.INFO)  # below, it logs whole addresses

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Raises: GraphFailure for everything that is not a good answer."""
        query = dict(kwargs.get("params") or {}) | self._access.proof()
        if self._access.in_query:
            query["access_token"] = self._access.token
        else:
            kwargs["headers"] = {"Authorization": f"Bearer {self._access.token}"}
        response = super().request(method, url, *args, **(kwargs | {"params": query}))
        self.usage.note(response.headers)
        failure = self._failure(response)
        if failure is not None:
            raise failure
        response.headers["content-type"] = "application/json"  # so it was; the library asks
        return response

    def _failure(self, response: requests.Response) -> GraphFailure | None:
        told, status = _parsed(response.content), response.status_code
        after = retry_after(response.headers)
        error = told.get("error") if told is not None else None
        if isinstance(error, dict):
            return sorted_failure(
                _number(error.get("code")),
                _number(error.get("error_subcode")),
                status=status,
                transient=error.get("is_transient") is True,
                after=after or self.usage.regain,
            )
        if told is not None and status < 300:
            return None
        why = Why.LIMIT if status == 429 else Why.TIME
        return GraphFailure(why, status=status, after=after, detail="the answer is not Graph's")


class Graph:
    """The calls that the adapters make. While a limit lasts nothing is sent: Meta makes it last
    longer for every call."""

    def __init__(self, access: Access, clock: Clock, now: Callable[[], datetime]) -> None:
        self._session = GraphSession(access, clock)
        self._now = now
        self._limited_until: datetime | None = None
        self._sdk = facebook.GraphAPI(session=self._session)
        self._sdk.version = access.version  # the constructor refuses every version that lives

    @property
    def usage(self) -> Usage:
        return self._session.usage

    def object(self, thing: str, fields: str, **query: str) -> Json:
        """GET one object."""
        return self._call(thing, query | {"fields": fields})

    def objects(self, things: Sequence[str], fields: str) -> Json:
        """GET up to 50 at once, by id. One that is gone fails the whole call."""
        return self._call("", {"ids": ",".join(things), "fields": fields})

    def pages(self, owner: str, edge: str, fields: str, **query: str) -> Iterator[list[Json]]:
        """The pages of an edge, in Graph's order. An empty page is not the end: only the absence
        of ``next`` is, since Graph leaves out what we may not see."""
        asked: Json = {"limit": str(LIMIT)} | query | {"fields": fields}
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            page = self._call(f"{owner}/{edge}", asked)
            data = page.get("data")
            yield [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []
            after = _after(page)
            if not after or after in seen:
                return
            seen.add(after)
            asked = asked | {"after": after}

    def post(self, owner: str, edge: str, **form: Any) -> Json:
        """POST; nested values go as JSON, which facebook-sdk leaves to its caller."""
        flat = {k: v if isinstance(v, str) else json.dumps(v) for k, v in form.items()}
        return self._call(f"{owner}/{edge}", {}, flat)

    def close(self) -> None:
        self._session.close()

    def _call(self, path: str, query: Mapping[str, str], form: Json | None = None) -> Json:
        if path and not _PATH.fullmatch(path):
            raise GraphFailure(Why.GONE, detail="this is not an id of Graph")
        self._respect_limit()
        address, method = f"{self._sdk.version}/{path}", "GET" if form is None else "POST"
        try:
            answer: Json = self._sdk.request(address, dict(query), post_args=form, method=method)
        except GraphFailure as failure:
            if failure.why is Why.LIMIT and failure.after:
                self._limited_until = self._now() + failure.after
            raise
        return answer

    def _respect_limit(self) -> None:
        left = self._limited_until - self._now() if self._limited_until else timedelta()
        if left > timedelta():
            rest = timedelta(seconds=math.ceil(left.total_seconds()))
            raise GraphFailure(Why.LIMIT, after=rest)


def _parsed(body: bytes) -> Json | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):  # an error page, or cut off: the caller says so
        return None
    return told if isinstance(told, dict) else None


def _after(page: Json) -> str:
    """The cursor of the next page. ``next`` itself holds the token: it is looked at, not kept."""
    paging = page.get("paging")
    if not isinstance(paging, dict) or not isinstance(paging.get("next"), str):
        return ""
    cursors = paging.get("cursors")
    told = cursors.get("after") if isinstance(cursors, dict) else None
    return str(told or parse_qs(urlsplit(paging["next"]).query).get("after", [""])[0])


def _object(text: str) -> Json:
    return _parsed(text.encode()) or {}


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and abs(value) < 1e9 else 0
