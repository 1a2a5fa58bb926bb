"""A service of the company that answers JSON over HTTP."""

from collections.abc import Sequence
from typing import Any

import httpx2
from pydantic import SecretStr

from cases.lookups.contract import (
    MOST,
    LookupDeclaration,
    LookupSettings,
    Misconfigured,
    NotAnswering,
    Question,
    Record,
    record,
)

LARGEST = 1024 * 1024
"""Bytes of one answer."""


class HttpSettings(LookupSettings):
    url: str
    """Address that is posted to: the body is ``{"what", "key", "value"}``, so that identifiers
    stand in no address and no log."""
    token: SecretStr = SecretStr("")
    """Sent as a bearer token; empty: none."""
    list_at: tuple[str, ...] = ()
    """Where in the answer the list of records is, by names; empty: the answer is the list."""
    reference: str
    """Name of the value that names a record."""


class HttpLookup:
    def __init__(self, settings: HttpSettings) -> None:
        self.settings = settings
        token = settings.token.get_secret_value()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx2.Client(
            headers=headers, timeout=settings.seconds, follow_redirects=False
        )

    def find(self, question: Question) -> Sequence[Record]:
        asked = {"what": question.what, "key": question.key, "value": question.value}
        found = self._ask(asked)
        for name in self.settings.list_at:
            found = found.get(name, []) if isinstance(found, dict) else None
        if not isinstance(found, list):
            raise Misconfigured("The answer holds no list.", remedy="Correct `list_at`.")
        rows = [row for row in found if isinstance(row, dict)][:MOST]
        return [record(question.what, _flat(row), self.settings.reference) for row in rows]

    def _ask(self, asked: dict[str, str]) -> Any:
        try:
            with self._client.stream("POST", self.settings.url, json=asked) as answer:
                _refuse(answer.status_code)
                data = b""
                for part in answer.iter_bytes():
                    data += part
                    if len(data) > LARGEST:
                        raise Misconfigured("The answer is larger than 1 MB.")
                status = answer.status_code
            return (
                []
                if status in (204, 404) or not data
                else httpx2.Response(200, content=data).json()
            )
        except httpx2.HTTPError as error:
            raise NotAnswering(f"The service does not answer ({type(error).__name__}).") from None
        except ValueError:
            raise NotAnswering("The service answered no JSON.") from None

    def check(self) -> tuple[bool, str]:
        try:
            status = self._client.request("OPTIONS", self.settings.url).status_code
        except httpx2.HTTPError as error:
            return False, f"The service does not answer ({type(error).__name__})."
        return status < 500, f"the service answers ({status})"

    def close(self) -> None:
        self._client.close()


def _refuse(status: int) -> None:
    if status in (401, 403):
        raise Misconfigured(f"The service refuses us ({status}).", remedy="Check `token`.")
    if status == 429 or status >= 500:
        raise NotAnswering(f"The service says {status}.")
    if status not in (200, 204, 404):
        raise Misconfigured(f"The service says {status}.", remedy="Check `url`.")


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if isinstance(value, str | int | float)}


LOOKUP = LookupDeclaration("http", "A service that answers JSON.", HttpSettings, HttpLookup)
