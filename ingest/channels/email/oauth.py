"""Access tokens for IMAP: got from the provider, kept until shortly before they expire.

RFC 6749 sections 4.4 (client credentials) and 6 (refresh). Some providers give a new refresh
token with each answer and let the old one die: the newest is kept in the account's state folder,
mode 0600, for as long as the configured one has not changed.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from ingest.channels.email.settings import OAuth
from ingest.errors import Later, Misconfigured

_TIMEOUT = 15.0
_EARLY = timedelta(minutes=2)
_WORD = re.compile(r"[a-z_]{1,40}")
_REMEDY = "Re-authorise the account with its provider, and put the new refresh token in place."


class TokenSource:
    """Gives the access token of one account."""

    def __init__(self, settings: OAuth, now: Callable[[], datetime], folder: Path | None) -> None:
        self._settings = settings
        self._now = now
        self._store = RefreshTokenStore(settings.refresh_token.get_secret_value(), folder)
        self._token = ""
        self._until: datetime | None = None

    def get(self) -> str:
        """A token that holds for two more minutes. Raises: Later, Misconfigured."""
        if self._until is None or self._now() >= self._until:
            self._renew()
        return self._token

    def forget(self) -> None:
        """The server refused the token: the next ``get`` asks for a new one."""
        self._until = None

    def _renew(self) -> None:
        answer = self._ask()
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise Later("The token endpoint gave an answer without a token.")
        seconds = answer.get("expires_in")
        lasts = timedelta(seconds=seconds if isinstance(seconds, int | float) else 3600)
        self._token, self._until = token, self._now() + max(lasts - _EARLY, timedelta(seconds=1))
        rotated = answer.get("refresh_token")
        if isinstance(rotated, str) and rotated:
            self._store.keep(rotated)

    def _ask(self) -> dict[str, Any]:
        response = self._post()
        if response.status_code == 400 and self._store.fall_back():
            response = self._post()  # the kept token died; the configured one may still live
        if response.status_code == 429 or response.status_code >= 500:
            raise Later(f"The token endpoint answered {response.status_code}.")
        answer = _json_object(response)
        if response.status_code != 200:
            raise Misconfigured(
                f"The token endpoint refused: {_error_word(answer)}.", remedy=_REMEDY
            )
        return answer

    def _post(self) -> httpx2.Response:
        try:
            return httpx2.post(self._settings.token_url, data=self._form(), timeout=_TIMEOUT)
        except httpx2.HTTPError as error:
            raise Later(f"The token endpoint cannot be reached ({type(error).__name__}).") from None

    def _form(self) -> dict[str, str]:
        form = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret.get_secret_value(),
            "scope": self._settings.scope,
            "refresh_token": self._store.current,
            "grant_type": "refresh_token" if self._store.current else "client_credentials",
        }
        return {name: value for name, value in form.items() if value}


class RefreshTokenStore:
    """The newest refresh token. The folder may be wiped: the configured one then counts again."""

    def __init__(self, configured: str, folder: Path | None) -> None:
        self._configured = configured
        self._mark = hashlib.sha256(configured.encode()).hexdigest()
        self._file = folder / "refresh-token.json" if folder and configured else None
        self.current = self._kept() or configured

    def keep(self, token: str) -> None:
        """Remember a rotated token. A folder that cannot be written only costs a new consent."""
        self.current = token
        if self._file is None:
            return
        try:
            _write_private(self._file, json.dumps({"of": self._mark, "token": token}))
        except OSError:  # works on from memory; the next rotation tries again
            return

    def fall_back(self) -> bool:
        """Go back to the configured token; False when that is the one in use."""
        changed = self.current != self._configured
        self.current = self._configured
        return changed

    def _kept(self) -> str:
        try:
            kept = json.loads(self._file.read_text("utf-8")) if self._file else {}
        except (OSError, ValueError):  # none yet, or damaged: the configured one counts
            return ""
        same = isinstance(kept, dict) and kept.get("of") == self._mark
        return str(kept.get("token", "")) if same else ""


def _write_private(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    draft.replace(file)


def _json_object(response: httpx2.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else {}


def _error_word(answer: dict[str, Any]) -> str:
    """The fixed word of RFC 6749 section 5.2; never the description, which may name people."""
    word = str(answer.get("error", ""))
    return word if _WORD.fullmatch(word) else "no reason given"
