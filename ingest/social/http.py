"""HTTP to a network, guarded: only to its own host, never for long, never without a bound.

:class:`GuardedSession` is what the networks' client libraries are given in place of their own
session. What it raises is :class:`~ingest.social.trouble.Trouble` without a link to the library's
exception: those hold addresses, and an address may hold a token.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from ingest.social.trouble import Cause, Trouble

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5.0, 20.0, 45.0
MAX_BODY = 16_000_000
"""Bytes of one answer; a full page of a hundred posts with everything has about one million."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LONGEST_WAIT = timedelta(days=32)


class Clock:
    """The network's clock, from the ``Date`` of its last answer; ours until there was one."""

    def __init__(self, ours: Callable[[], datetime]) -> None:
        self._ours = ours
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._ours() + self._ahead

    def heard(self, headers: Mapping[str, str]) -> None:
        theirs = _date(headers.get("Date", ""))
        if theirs is not None:
            ahead = theirs - self._ours()
            # ``Date`` has whole seconds: less than that is no difference
            self._ahead = ahead if abs(ahead) > timedelta(seconds=2) else timedelta()

    def until(self, seconds_since_1970: str, headers: Mapping[str, str]) -> timedelta | None:
        """How long until a moment that the network named by its own clock."""
        theirs = _date(headers.get("Date", "")) or self.now()
        if not seconds_since_1970.isascii() or not seconds_since_1970.isdigit():
            return None
        if len(seconds_since_1970) > 11:
            return None
        left = datetime.fromtimestamp(int(seconds_since_1970), UTC) - theirs
        return min(max(left, timedelta(seconds=1)), _LONGEST_WAIT)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """The header ``Retry-After`` in its form with seconds (RFC 9110 section 10.2.3)."""
    text = headers.get("Retry-After", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        return None
    return min(max(timedelta(seconds=int(text)), timedelta(seconds=1)), _LONGEST_WAIT)


def allowed_base(url: str, official: str) -> str:
    """The address that a test may put in place of the official one, without a slash at the end.

    Raises: ValueError for any host but the official one and this machine, since tokens go there.
    """
    parts = urlsplit(url.rstrip("/"))
    if url.rstrip("/") == official:
        return official
    if parts.scheme in ("http", "https") and parts.hostname in LOOPBACK and not parts.username:
        return url.rstrip("/")
    raise ValueError(f"only {official} or an address of this machine: tokens are sent to it")


def bounded(chunks: Iterable[bytes], network: str) -> bytes:
    """The body, unless it is too large or comes too slowly. Raises: Trouble."""
    body, until = bytearray(), time.monotonic() + TOTAL_SECONDS
    for chunk in chunks:
        body += chunk
        if len(body) > MAX_BODY:
            raise Trouble(Cause.BUSY, f"{network} sent an answer that is too large.")
        if time.monotonic() > until:
            raise Trouble(Cause.BUSY, f"{network} sent an answer too slowly.")
    return bytes(body)


def json_object(body: bytes, network: str) -> dict[str, Any]:
    """The answer as an object. Raises: Trouble for anything else."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):  # said below, without the text in the context
        answer = None
    if not isinstance(answer, dict):
        raise Trouble(Cause.BUSY, f"{network} gave an answer that is not what it should be.")
    return answer


class GuardedSession(requests.Session):
    """``hosts``: the addresses that the library calls, all replaced by ``base`` before anything
    is signed or sent. No proxy of the environment, no redirect."""

    def __init__(self, network: str, base: str, hosts: Iterable[str], clock: Clock) -> None:
        super().__init__()
        self.trust_env = False
        self._network = network
        self._base = base
        self._hosts = tuple(hosts)
        self._clock = clock

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """As the library asks, within our bounds. Raises: Trouble when there is no answer."""
        address = self._address(str(url))
        kwargs |= {
            "timeout": (CONNECT_SECONDS, READ_SECONDS),
            "allow_redirects": False,
            "stream": True,
        }
        failure, asked = "", True
        try:
            response = super().request(method, address, *args, **kwargs)
            body = bounded(response.iter_content(65_536), self._network)
        except (requests.RequestException, OSError) as error:
            failure, asked = type(error).__name__, not _never_connected(error)
        if failure:  # outside of ``except``: the library's exception shows the address
            reason = f"{self._network} cannot be reached ({failure})."
            raise Trouble(Cause.BUSY, reason, asked=asked)
        self._clock.heard(response.headers)
        # what ``Response.content`` gives once it was read; the library has no public way to set it
        response._content = body
        response._content_consumed = True
        return response

    def _address(self, url: str) -> str:
        for host in self._hosts:
            if url.startswith(f"{host}/"):
                return self._base + url[len(host) :]
        if url.startswith(f"{self._base}/"):
            return url
        raise Trouble(Cause.BUSY, f"{self._network} pointed to another host; it was not called.")


def _never_connected(error: Exception) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:  # none, or nonsense: our own clock counts
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
