"""The Graph API, as far as WhatsApp needs it: one client, its time limits, its errors.

Errors: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

import json
import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import httpx2
from basvuru.plugin import Later, Misconfigured, Refused

from basvuru_whatsapp.settings import Settings, is_loopback

LARGEST_MEDIA = 100_000_000
"""Bytes: the largest document that WhatsApp carries."""
LARGEST_ANSWER = 1_000_000
LONGEST_SECONDS = 120.0
"""For one answer, however steadily it comes."""
MEDIA_HOSTS = (".fbsbx.com", ".whatsapp.net", ".fbcdn.net")
"""Whom the token may be shown, besides the Graph API itself."""
BUSY = frozenset({4, 80007, 130429, 131048, 131056, 133016})
DENIED = frozenset({0, 3, 10, 190, *range(200, 300)})
REMEDY = "Make a new token for the system user in Meta's Business settings and set `access_token`."
NEW_CONNECTION = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
"""Nothing was sent when one of these came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` may echo what was asked: it is not to be quoted."""

    status: int
    body: bytes = field(repr=False)
    retry_after: timedelta | None = None

    def json(self) -> dict[str, Any]:
        """The object that was answered; empty when it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}  # a proxy's page: the status says what there is to say
        return value if isinstance(value, dict) else {}

    @property
    def code(self) -> int | None:
        """Meta's error code."""
        error = self.json().get("error")
        code = error.get("code") if isinstance(error, dict) else None
        return code if isinstance(code, int) else None


class Graph:
    """A client for one account."""

    def __init__(self, settings: Settings) -> None:
        logging.getLogger("httpx2").setLevel(logging.WARNING)  # it logs addresses, with their ids
        self._base = f"{settings.base_url}/{settings.api_version}"
        self._local = is_loopback(settings.base_url)
        token = settings.access_token.get_secret_value()
        self._client = httpx2.Client(
            headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"},
            timeout=settings.timeout_seconds,
            follow_redirects=False,
        )

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """An object. Raises: Later, Misconfigured, Refused when there is no such object."""
        answer = self.exchange("GET", f"{self._base}/{path}", params=query)
        expect_success(answer)
        return answer.json()

    def post(self, path: str, body: dict[str, Any]) -> Answer:
        """Raises only what httpx2 raises: what it means depends on what was posted."""
        return self._exchange("POST", f"{self._base}/{path}", LARGEST_ANSWER, json=body)

    def media(self, media_id: str, number_id: str) -> bytes:
        """A file. Raises: Later, Misconfigured, Refused when Meta no longer has it."""
        found = self.get(media_id, phone_number_id=number_id)
        url = found.get("url")
        if not isinstance(url, str) or not self._may_know_us(url):
            raise Refused("Meta gave no address of its own for the file.")
        answer = self.exchange("GET", url, limit=LARGEST_MEDIA + 1)
        expect_success(answer)
        if len(answer.body) > LARGEST_MEDIA:
            raise Refused("The file is larger than WhatsApp allows.")
        if found.get("sha256") not in (None, sha256(answer.body).hexdigest()):
            raise Later("A file came damaged from Meta.")
        return answer.body

    def exchange(self, method: str, url: str, limit: int = LARGEST_ANSWER, **more: Any) -> Answer:
        """One request whose loss does no harm. Raises Later when there was no answer."""
        try:
            return self._exchange(method, url, limit, **more)
        except httpx2.HTTPError as error:
            name = type(error).__name__
            # `from None`: the library's error holds the request, and with it the token
            raise Later(f"WhatsApp cannot be reached ({name}).") from None

    def close(self) -> None:
        self._client.close()

    def _may_know_us(self, url: str) -> bool:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return (self._local and is_loopback(url)) or (
            parts.scheme == "https" and host.endswith(MEDIA_HOSTS)
        )

    def _exchange(self, method: str, url: str, limit: int, **more: Any) -> Answer:
        with self._client.stream(method, url, **more) as response:
            body, end = bytearray(), time.monotonic() + LONGEST_SECONDS
            for chunk in response.iter_raw():
                body += chunk[: limit - len(body)]
                if len(body) >= limit:
                    break
                if time.monotonic() > end:
                    raise httpx2.ReadTimeout("it trickles", request=response.request)
            return Answer(response.status_code, bytes(body), _retry_after(response.headers))


def expect_success(answer: Answer) -> None:
    """Raises: Later, Misconfigured, Refused for anything but success."""
    code = answer.code
    if answer.status == 429 or code in BUSY:
        raise Later("WhatsApp asks us to come back later.", after=answer.retry_after)
    if answer.status in (401, 403) or code in DENIED:
        raise Misconfigured(f"WhatsApp refuses the token (code {code}).", remedy=REMEDY)
    if answer.status in (400, 404):
        raise Refused(f"WhatsApp does not have it (code {code}).")
    if answer.status != 200:
        raise Later(f"WhatsApp answers with HTTP {answer.status}.", after=answer.retry_after)


def _retry_after(headers: httpx2.Headers) -> timedelta | None:
    """Only the form in seconds (RFC 9110, 10.2.3), at most a day."""
    value = headers.get("retry-after", "")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        return None
    return timedelta(seconds=min(int(value), 86_400))
