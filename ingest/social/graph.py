"""Meta's Graph API: facebook-sdk, behind a session that makes it safe to use.

facebook-sdk 3.1.0 is the named client and no longer maintained: it asks for a dead version of
the API, knows no time limit, puts the token into every address (and so into error texts), takes
an error page for a success, and fails with KeyError without a content type. All that is settled
in :class:`GuardedSession`; replacing the package would change this file and no other.

Only :class:`~ingest.social.graph_failures.GraphFailure` is raised here.
"""

import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import facebook
import requests

from ingest.social.graph_failures import GraphFailure, Trouble, sorted_failure

OFFICIAL = "https://graph.facebook.com"
LIMIT = 100
"""Objects on one page of an edge: more is refused."""
MAX_BODY = 16 * 1024 * 1024
MAX_PAGES = 200
"""Pages of one edge that are read in one go."""
CONNECT, SILENCE, WHOLE = 5.0, 20.0, 60.0
"""Seconds: for connecting, between two bytes, for a whole answer."""

Json = dict[str, Any]
_CHUNK = 64 * 1024
_PATH = re.compile(r"[\w.:$=-]{1,300}(/[a-z_]{1,40})?", re.ASCII)
"""What may stand behind the version in an address: an id, and an edge."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where and as whom. ``proof``: sign each call with the app's secret (appsecret_proof)."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    base: str = OFFICIAL
    version: str = "v26.0"
    token_in: str = "header"


@dataclass(slots=True)
class Usage:
    """What the last answer's headers say. ``percent``: how much of the limits is used up."""

    percent: int = 0
    regain: timedelta | None = None
    clock: datetime | None = None
    """The server's own time."""

    def note(self, headers: Mapping[str, str], now: datetime) -> None:
        self.clock = _date(headers.get("Date", "")) or now
        told = [_object(headers.get("X-App-Usage", ""))]
        cases = _object(headers.get("X-Business-Use-Case-Usage", ""))
        for rows in cases.values():
            told += [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        shares = ("call_count", "total_time", "total_cputime")
        self.percent = max((_number(row.get(name)) for row in told for name in shares), default=0)
        minutes = max((_number(row.get("estimated_time_to_regain_access")) for row in told))
        self.regain = timedelta(minutes=minutes) if minutes else None


@dataclass(frozen=True, slots=True)
class _Answer:
    """As much of a response as facebook-sdk looks at."""

    body: Json = field(repr=False)
    headers: Mapping[str, str]

    def json(self) -> Json:
        return self.body


class GuardedSession:
    """What facebook-sdk is given as its session. The token goes in a header, never through it."""

    def __init__(self, access: Access, usage: Usage) -> None:
        self._access = access
        self._usage = usage
        self._http = requests.Session()
        self._http.trust_env = False  # no proxy and no .netrc that nobody set up for us
        logging.getLogger("urllib3").setLevel(logging.INFO)  # below, it logs whole addresses

    def request(self, method: str, url: str, **told: Any) -> _Answer:
        """Called by facebook-sdk with an address at the official host."""
        path = url.removeprefix(facebook.FACEBOOK_GRAPH_URL)
        query, form = dict(told.get("params") or {}), told.get("data")
        carrier = form if self._access.token_in == "query" and form is not None else query
        carrier |= self._proof()
        status, headers, body = self._exchange(method, path, query, form)
        self._usage.note(headers, datetime.now(UTC))
        return _Answer(self._sound(status, headers, body), {"content-type": "application/json"})

    def close(self) -> None:
        self._http.close()

    def _proof(self) -> dict[str, str]:
        token, secret = self._access.token, self._access.secret
        told = {"access_token": token} if self._access.token_in == "query" else {}
        if secret:
            proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
            told["appsecret_proof"] = proof
        return told

    def _exchange(
        self, method: str, path: str, query: Json, form: Json | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request and its whole answer. The library's exceptions name the address, so none
        of them stands behind the failure that is raised."""
        try:
            with self._http.request(
                method,
                f"{self._access.base.rstrip('/')}/{path}",
                params=query,
                data=form,
                headers=self._headers(),
                timeout=(CONNECT, SILENCE),
                allow_redirects=False,
                stream=True,
            ) as response:
                return response.status_code, response.headers, _bounded(response)
        except requests.ConnectTimeout:
            failure = GraphFailure(Trouble.TIME, detail="no connection in time", sent=False)
        except requests.RequestException as error:
            refused = isinstance(error, requests.ConnectionError) and "refused" in str(error)
            name = type(error).__name__
            failure = GraphFailure(Trouble.TIME, detail=f"the line broke ({name})", sent=not refused)
        raise failure

    def _headers(self) -> dict[str, str]:
        if self._access.token_in == "query":
            return {}
        return {"Authorization": f"Bearer {self._access.token}"}

    def _sound(self, status: int, headers: Mapping[str, str], body: bytes) -> Json:
        told = _parsed(body)
        error = told.get("error") if told is not None else None
        if isinstance(error, dict):
            raise sorted_failure(
                _number(error.get("code")),
                _number(error.get("error_subcode")),
                status=status,
                transient=error.get("is_transient") is True,
                after=_retry_after(headers) or self._usage.regain,
            )
        if told is None or status >= 400:
            limited = status == 429
            raise GraphFailure(
                Trouble.LIMIT if limited else Trouble.TIME,
                status=status,
                after=_retry_after(headers),
                detail="the answer is not one of the Graph API",
            )
        return told


class Graph:
    """The calls that the adapters make. ``usage`` is what the last answer said of the limits."""

    def __init__(self, access: Access) -> None:
        self.usage = Usage()
        self._session = GuardedSession(access, self.usage)
        self._sdk = facebook.GraphAPI(session=self._session)
        self._sdk.version = access.version  # the constructor refuses every version that lives

    def object(self, thing: str, fields: str, **query: str) -> Json:
        """GET one object."""
        return self._call(thing, query | {"fields": fields})

    def pages(self, owner: str, edge: str, fields: str, **query: str) -> Iterator[list[Json]]:
        """The pages of an edge, in Graph's order. An empty page is not the end: only the absence
        of ``next`` is, since Graph leaves out what we may not see."""
        asked: Json = {"limit": str(LIMIT)} | query | {"fields": fields}
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            page = self._call(f"{owner}/{edge}", asked)
            data = page.get("data")
            yield [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
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
        if not _PATH.fullmatch(path):
            raise GraphFailure(Trouble.GONE, detail="this is not an id of Graph", sent=False)
        address = f"{self._sdk.version}/{path}"
        method = "GET" if form is None else "POST"
        answer: Json = self._sdk.request(address, dict(query), post_args=form, method=method)
        return answer


def _bounded(response: requests.Response) -> bytes:
    """The body, or a failure when it is too long in bytes or in time."""
    end, body = time.monotonic() + WHOLE, bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > MAX_BODY or time.monotonic() > end:
            raise GraphFailure(Trouble.TIME, detail="the answer is too long", status=0)
    return bytes(body)


def _parsed(body: bytes) -> Json | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):  # an error page, or cut off: the caller says so
        return None
    return told if isinstance(told, dict) else None


def _after(page: Json) -> str:
    """The cursor of the next page. ``next`` itself holds the token: it is looked at, not kept."""
    paging = page.get("paging")
    link = paging.get("next") if isinstance(paging, dict) else None
    if not isinstance(link, str):
        return ""
    cursors = paging.get("cursors") if isinstance(paging, dict) else None
    told = cursors.get("after") if isinstance(cursors, dict) else None
    return str(told or parse_qs(urlsplit(link).query).get("after", [""])[0])


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """RFC 9110 section 10.2.3, in seconds; proxies in front of Graph use it."""
    seconds = headers.get("Retry-After", "")
    return timedelta(seconds=int(seconds)) if re.fullmatch(r"\d{1,7}", seconds) else None


def _object(text: str) -> Json:
    return _parsed(text.encode()) or {}


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and abs(value) < 1e9 else 0


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:  # a server without a readable clock: ours counts
        return None
