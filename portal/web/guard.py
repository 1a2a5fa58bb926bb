"""Who may come in: a session's cookie, a right, and for changes the session's token.

A route says ``staff: Annotated[Staff, require(Right.HANDLE)]``. A test walks every route for every
role, and fails for a route that nobody put into its table.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response

from cases.rights import Right
from portal.services import Services, services
from portal.web.errors import CodesNeeded, SignInNeeded
from portal.web.visitor import Staff, Visitor
from storage import sessions, staff
from storage.engine import Connection
from storage.sessions import Session

TOUCH_EVERY = timedelta(seconds=60)
"""How exactly we know when somebody was last here; every page would be a write else."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def given_token(request: Request) -> str:
    """The session's token as a form or htmx sends it."""
    if header := request.headers.get("x-csrf-token"):
        return header
    if request.method in _SAFE_METHODS:
        return ""
    if request.headers.get("content-type", "").startswith(_FORMS):
        return str((await request.form()).get("csrf", ""))
    return ""


@dataclass(frozen=True, slots=True)
class Guard:
    """A dependency of routes. ``right`` None: whoever is signed in."""

    right: Right | None
    without_codes: bool = False
    """Also for somebody who still has to set up one-time codes."""

    def __call__(self, request: Request, given: Annotated[str, Depends(given_token)]) -> Staff:
        """Raises SignInNeeded, CodesNeeded, or HTTPException 403."""
        who, session, lacks_codes = _known(request)
        request.state.visitor = Visitor(who, session.token)
        if request.method not in _SAFE_METHODS and not hmac.compare_digest(
            given.encode(), session.token.encode()
        ):
            raise HTTPException(403)
        if lacks_codes and not self.without_codes:
            raise CodesNeeded
        if self.right is not None and not who.may(self.right):
            raise HTTPException(403)
        return who


def require(right: Right) -> Any:
    """For routes: only whoever has this right."""
    return Depends(Guard(right))


def signed_in() -> Any:
    """For routes of the own account: whoever is signed in."""
    return Depends(Guard(None, without_codes=True))


def session_cookie(house: Services) -> str:
    """The cookie's name; with https browsers keep other hosts and plain http away from it."""
    return "__Host-session" if house.is_https else "session"


def give_cookie(answer: Response, house: Services, secret: str) -> None:
    """Let this browser be known. Ends with the browser; the server ends it earlier."""
    answer.set_cookie(
        session_cookie(house), secret, httponly=True, samesite="lax", secure=house.is_https
    )


def own_session(request: Request) -> Session | None:
    """The session of this request, whoever asks."""
    house = services(request)
    secret = request.cookies.get(session_cookie(house), "")
    if not secret:
        return None
    with house.database.read() as connection:
        return sessions.find(connection, secret)


def is_still_in(request: Request) -> bool:
    """Whether the session that opened a live page goes on. A page that is only watched keeps no
    session awake, and ends with it at the latest."""
    house, session = services(request), own_session(request)
    if session is None or session.expires_at <= house.now():
        return False
    with house.database.read() as connection:
        account = staff.by_id(connection, session.staff_id)
    return account is not None and account.disabled_at is None


def place(request: Request) -> str:
    """Where a request came from, for records and limits."""
    return request.client.host if request.client else ""


def _known(request: Request) -> tuple[Staff, Session, bool]:
    house, session = services(request), own_session(request)
    now = house.now()
    if session is None or _is_over(session, house):
        raise SignInNeeded
    with house.database.read() as connection:
        account = staff.by_id(connection, session.staff_id)
    if account is None or account.disabled_at is not None:
        raise SignInNeeded
    if now - session.seen_at >= TOUCH_EVERY and not _only_watches(request):
        with house.database.write() as connection:
            sessions.touch(connection, session.id, now)
    who = Staff(account.id, account.login, account.name, tuple(account.roles), account.department)
    return who, session, _lacks_codes(house, session, account)


def _is_over(session: Session, house: Services) -> bool:
    now, idle = house.now(), timedelta(minutes=house.portal.idle_minutes)
    return session.expires_at <= now or session.seen_at + idle <= now


def _only_watches(request: Request) -> bool:
    return "text/event-stream" in request.headers.get("accept", "")


def _lacks_codes(house: Services, session: Session, account: staff.Account) -> bool:
    required = house.portal.second_factor == "required"
    return required and session.how == "password" and account.code_key is None


def end_session(connection: Connection, request: Request) -> None:
    session = own_session(request)
    if session is not None:
        sessions.end(connection, session.id)
