"""Access tokens that die after a while, and refresh tokens that die with their use.

RFC 6749 section 6. Networks that rotate let the old refresh token die when they give the new one:
so only one process at a time refreshes, under the lock of the account's file, and whoever waited
takes what the other one got. The pair lies in the state folder, mode 0600, for as long as the
configured one has not changed.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.social.state import StateFile
from ingest.social.trouble import Cause, Trouble

_EARLY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token endpoint gave. ``refresh`` is empty when the old one goes on."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    lasts: timedelta | None = None


Refresh = Callable[[str], Grant]
"""Asks the network for a new grant with a refresh token. Raises: Trouble; ``DEAD`` when the
network says that the refresh token is invalid."""


class TokenKeeper:
    """The token of one account. Without ``refresh`` the configured one is all there is."""

    def __init__(
        self,
        access: str,
        refresh_token: str,
        refresh: Refresh | None,
        folder: Path | None,
        now: Callable[[], datetime],
    ) -> None:
        self._access = access
        self._refresh_token = refresh_token
        self._refresh = refresh if refresh_token else None
        self._store = StateFile(folder, "tokens")
        self._now = now
        self._mark = hashlib.sha256(f"{access}\0{refresh_token}".encode()).hexdigest()

    def get(self) -> str:
        """A token that should hold for five more minutes. Raises: Trouble."""
        until = self.expires_at
        if self._refresh is None or (self._current() and (not until or self._now() < until)):
            return self._current()
        return self.renewed(self._current())

    @property
    def expires_at(self) -> datetime | None:
        """When the access token dies (a little earlier); None when nobody said."""
        text = self._pair().get("until")
        return datetime.fromisoformat(text) if isinstance(text, str) else None

    @property
    def renews(self) -> bool:
        """Whether a refused token can be replaced without a person."""
        return self._refresh is not None

    def renewed(self, refused: str) -> str:
        """Another token than the one the network refused. Raises: Trouble."""
        if self._refresh is None:
            raise Trouble(Cause.DEAD, "The access token is not valid any more.")
        try:
            with self._store.locked():
                if self._current() not in ("", refused):
                    return self._current()  # another process was faster
                return self._renew(self._refresh)
        except TimeoutError:
            busy = Trouble(Cause.BUSY, "Another process has been refreshing the token for long.")
        raise busy

    def _renew(self, refresh: Refresh) -> str:
        kept = str(self._pair().get("refresh") or "")
        grant, dead = None, None
        for token in dict.fromkeys(t for t in (kept, self._refresh_token) if t):
            try:
                grant = refresh(token)
                break
            except Trouble as trouble:
                if trouble.cause is not Cause.DEAD:
                    raise
                dead = trouble  # the kept one died; the configured one may still live
        if grant is None:
            raise dead or Trouble(Cause.DEAD, "There is no refresh token.")
        self._keep(grant, kept or self._refresh_token)
        return grant.access

    def _keep(self, grant: Grant, used: str) -> None:
        pair = self._store.section("pair")
        pair.clear()
        pair |= {"of": self._mark, "access": grant.access, "refresh": grant.refresh or used}
        if grant.lasts is not None:
            early = max(grant.lasts - _EARLY, timedelta(seconds=1))
            pair["until"] = (self._now() + early).isoformat()
        self._store.save()

    def _current(self) -> str:
        return str(self._pair().get("access") or self._access)

    def _pair(self) -> dict[str, Any]:
        pair = self._store.section("pair")
        return pair if pair.get("of") == self._mark else {}
