"""Somebody who is signed in, without the pages of signing in."""

from dataclasses import dataclass

from starlette.testclient import TestClient

from portal.app import Services
from storage import sessions, staff
from storage.secrets import digest


@dataclass(frozen=True, slots=True)
class Colleague:
    """An account with an open session: ``cookie`` for a browser, ``token`` for forms."""

    id: int
    login: str
    cookie: str
    token: str


def colleague(
    house: Services, *roles: str, login: str = "", department: str | None = None
) -> Colleague:
    """Make an account with these roles and open a session for it."""
    from datetime import timedelta

    login, now = login or "-".join(roles) or "nobody", house.now()
    with house.database.write() as connection:
        account = staff.find(connection, login)
        staff_id = (
            account.id
            if account
            else staff.add(
                connection,
                login=login,
                name=f"Deneme {login}",
                roles=roles,
                department=department,
                by="test",
                now=now,
            )
        )
        assert staff_id is not None
        until = now + timedelta(hours=12)
        cookie = sessions.open_session(
            connection,
            staff_id,
            how="password",
            place="127.0.0.1",
            browser="",
            now=now,
            until=until,
        )
        session = sessions.find(connection, cookie)
    assert session is not None
    assert session.id == digest(cookie)
    return Colleague(staff_id, login, cookie, session.token)


def client_of(portal: TestClient, who: Colleague | None) -> TestClient:
    """A client of the same portal that is signed in as somebody, and sends the token along."""
    client = TestClient(portal.app, follow_redirects=False)
    if who is not None:
        client.cookies.set("session", who.cookie)
        client.headers["X-CSRF-Token"] = who.token
    return client
