"""The steps of signing in: password, one-time code, session. What they decide is here, the pages
are in :mod:`portal.staff.sign_in`."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request
from structlog import get_logger

from portal.services import Services, services
from portal.staff import codes, known, passwords
from portal.web.guard import place
from storage import sessions, staff, viewlog
from storage.engine import Connection
from storage.staff import Account
from storage.viewlog import View

log = get_logger()

FAILURES = 5
"""Wrong passwords or codes in a row, after which an account rests."""
RESTS = timedelta(minutes=15)
CODE_WITHIN = timedelta(minutes=5)
"""Between password and code."""


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: ``secret`` is the cookie of a session, or of the step for the code."""

    secret: str
    needs_code: bool


def is_owners_browser(request: Request, login: str) -> bool:
    """Whether somebody signed in here with this login before."""
    with services(request).database.read() as connection:
        account = staff.find(connection, login)
    return account is not None and known.is_known(request, account)


def with_password(request: Request, login: str, password: str) -> Step | None:
    """None: something was wrong. What it was is not said: it would tell who has an account."""
    house = services(request)
    now = house.now()
    with house.database.read() as connection:
        account = staff.find(connection, login)
    right = passwords.matches(account.password if account else None, password)
    if account is None or not may_try(request, account):
        return None
    if not right:
        _failed(request, account)
        return None
    if account.code_key is None:
        return Step(open_session(request, account, "password"), needs_code=False)
    with house.database.write() as connection:
        secret = sessions.give_one_time(
            connection, "code", staff_id=account.id, until=now + CODE_WITHIN
        )
    return Step(secret, needs_code=True)


def with_code(request: Request, step: str, code: str) -> str | None:
    """The cookie of a session, or None when the code (or the step) does not hold."""
    house = services(request)
    now = house.now()
    with house.database.write() as connection:
        found = sessions.look_at_one_time(connection, "code", step, now)
        account = staff.by_id(connection, found.staff_id) if found and found.staff_id else None
        if account is None or not may_try(request, account):
            return None
        right = takes_code(connection, house, account, code)
        if right:
            sessions.use_one_time(connection, "code", step, now)
    if not right:
        _failed(request, account)
        return None
    return open_session(request, account, "password")


def takes_code(connection: Connection, house: Services, account: Account, code: str) -> bool:
    """Whether this code is right, and takes it: neither kind works twice."""
    key = codes.unseal(account.code_key, account.id, house.key) if account.code_key else None
    step = codes.step_of(key, code, house.now()) if key else None
    if step is not None:
        return staff.use_step(connection, account.id, step)
    left = codes.without(account.recovery, code)
    if left is None:
        return False
    staff.change(connection, account.id, {"recovery": left})
    return True


def may_try(request: Request, account: Account) -> bool:
    """Not while the account rests, except in a browser of its owner."""
    house = services(request)
    rests = account.locked_until is not None and account.locked_until > house.now()
    if account.disabled_at is not None or not rests:
        return account.disabled_at is None
    return known.is_known(request, account) and house.limiter.allows(
        known.TRIES, "sign-in-known", str(account.id)
    )


def open_session(request: Request, account: Account, how: str) -> str:
    """Sign the account in, on record. Returns the cookie's secret."""
    house = services(request)
    now = house.now()
    with house.database.write() as connection:
        values = {"failures": 0, "locked_until": None, "signed_in_at": now}
        staff.change(connection, account.id, values)
        secret = sessions.open_session(
            connection,
            account.id,
            how=how,
            place=place(request),
            browser=request.headers.get("user-agent", ""),
            now=now,
            until=now + timedelta(hours=house.portal.session_hours),
        )
        view = View(account.login, "signed_in", data={"how": how}, place=place(request))
        viewlog.append(connection, view, now)
    return secret


def _failed(request: Request, account: Account) -> None:
    house = services(request)
    now = house.now()
    with house.database.write() as connection:
        if staff.count_failure(connection, account.id) >= FAILURES:
            staff.change(connection, account.id, {"locked_until": now + RESTS})
            view = View(account.login, "locked", place=place(request))
            viewlog.append(connection, view, now)
            log.warning("sign_in.locked", staff=account.id)
