"""HTTP for gateways: one exchange, and what its failures mean for an SMS.

Whether a request had been written when it failed is the whole question: before that nothing was
taken (:class:`~workers.gateways.contract.NotNow`); after that it may have been
(:class:`~workers.gateways.contract.Unknown`).
"""

import json
import logging
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import urlencode, urlsplit

import httpx2
from pydantic import Field, model_validator

from workers.gateways.contract import GatewaySettings, NotNow, Outcome, Stop, Unknown

MAX_BODY = 1 << 20
"""Bytes of an answer that are read; a longer one is cut, and then cannot be understood."""

_CONNECT_SECONDS = 5.0
_IDENTIFIER = re.compile(r"[!-~]{1,64}")
_MAX_RETRY_AFTER = 86_400
_NOT_WRITTEN = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
)


class HttpSettings(GatewaySettings):
    """Base of the settings of gateways that speak to one provider."""

    official: ClassVar[str] = ""
    """The provider's address; a subclass repeats it as the default of ``base_url``."""

    base_url: str = ""
    """The provider's address. Only the official host or this machine: texts and numbers of
    applicants go there."""
    timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 20.0
    """Time limit for one request, from the connection to the last byte of the answer."""

    @model_validator(mode="after")
    def _goes_where_it_should(self) -> Self:
        official = urlsplit(self.official)
        given = urlsplit(self.base_url)
        if given.username or given.query or given.fragment:
            raise ValueError("base_url is only scheme, host, port and path")
        same = (given.scheme, given.hostname) == (official.scheme, official.hostname)
        if not same and not (given.scheme in ("http", "https") and _is_loopback(given.hostname)):
            raise ValueError(f"base_url may only be {self.official} or an address of this machine")
        return self


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False  # a name: it may resolve to anything


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider said. ``body`` is not to be quoted: it may echo number and text."""

    status: int
    body: bytes = field(repr=False)
    retry_after: timedelta | None = None

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace").strip()

    def json(self) -> Any:
        """The parsed body; None when it is no JSON."""
        return parse_json(self.body)


def parse_json(body: bytes) -> Any:
    """The parsed document; None when it is no JSON, or nested too deep to be meant."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def identifier(value: object) -> str:
    """A provider's id for an SMS; empty when it is missing, too long to be one, or has blanks."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if _IDENTIFIER.fullmatch(text) else ""


class Wire:
    """A client to one provider. May be used from several threads."""

    def __init__(
        self, base_url: str, timeout_seconds: float, *, auth: tuple[str, str] | None = None
    ) -> None:
        _silence_request_log()
        self._seconds = timeout_seconds
        self._client = httpx2.Client(
            base_url=base_url,
            auth=auth,
            timeout=httpx2.Timeout(timeout_seconds, connect=min(_CONNECT_SECONDS, timeout_seconds)),
            headers={"Accept-Encoding": "identity"},
            follow_redirects=False,
        )

    def exchange(self, method: str, path: str, **request: Any) -> Answer | NotNow | Unknown:
        """One request and its answer. ``request``: ``json``, ``data``, ``params`` as in httpx2."""
        try:
            with self._client.stream(method, path, **request) as response:
                body = b"".join(self._bounded(response))
                return Answer(response.status_code, body, _retry_after(response.headers))
        except _NOT_WRITTEN as error:
            return NotNow(f"the provider cannot be reached ({type(error).__name__})")
        except httpx2.HTTPError as error:
            return Unknown(f"the connection failed after the request ({type(error).__name__})")

    def ask(self, method: str, path: str, **request: Any) -> Answer | None:
        """The same for questions, where a missing answer is just that."""
        answer = self.exchange(method, path, **request)
        return answer if isinstance(answer, Answer) else None

    def close(self) -> None:
        self._client.close()

    def _bounded(self, response: httpx2.Response) -> Iterator[bytes]:
        """Chunks up to MAX_BODY. A provider that trickles is stopped at the time limit as well."""
        room, deadline = MAX_BODY, time.monotonic() + self._seconds
        for chunk in response.iter_raw():
            yield chunk[:room]
            room -= len(chunk)
            if room <= 0:
                return
            if time.monotonic() > deadline:
                raise httpx2.ReadTimeout("the answer took too long", request=response.request)


def unusual(answer: Answer, provider: str) -> Outcome:
    """What an HTTP status alone says, where the provider's own code says nothing.

    429 and 503 are refusals. Any other 5xx may come from a proxy behind which the request went
    through, and so may an answer of the wrong form.
    """
    if answer.status in (429, 503):
        return NotNow(f"{provider} is busy (HTTP {answer.status})", answer.retry_after)
    if answer.status in (401, 403):
        return Stop(
            f"{provider} refuses our account (HTTP {answer.status})",
            "Check user name, password and the addresses that the account allows.",
        )
    return Unknown(f"{provider} gave an answer that cannot be read (HTTP {answer.status})")


def with_query(address: str, values: Mapping[str, str]) -> str:
    """``address`` with more query parameters; empty stays empty."""
    if not address:
        return ""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}"


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Only the form in seconds (RFC 9110, 10.2.3): the other needs a clock that agrees."""
    value = headers.get("retry-after", "")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        return None
    return timedelta(seconds=min(int(value), _MAX_RETRY_AFTER))


def _silence_request_log() -> None:
    """httpx2 writes whole addresses at INFO; Kannel's hold password, number and text."""
    logging.getLogger("httpx2").setLevel(logging.WARNING)
