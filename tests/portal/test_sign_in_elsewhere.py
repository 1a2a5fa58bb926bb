"""Signing in at an identity provider: the real flow against a private one."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import requests
from peers.oidc import OidcServer
from pydantic import SecretStr
from starlette.testclient import TestClient

from config.sections import Oidc
from portal.app import make_app
from portal.staff.oidc import Provider
from storage import staff

BASE = "http://testserver"


@pytest.fixture
def oidc():
    with OidcServer() as server:
        yield server


@pytest.fixture
def portal(house, oidc):
    settings = Oidc(issuer=oidc.issuer, client_id="basvuru", client_secret=SecretStr("s"))
    oidc.now = lambda: house.now().timestamp()
    house = replace(house, provider=Provider(settings), base_url=BASE)
    return TestClient(make_app(house), follow_redirects=False)


@pytest.fixture
def account(house):
    with house.database.write() as connection:
        return staff.add(
            connection,
            login="deneme@example.test",
            name="Deneme",
            roles=["handler"],
            by="test",
            now=house.now(),
        )


def there_and_back(portal: TestClient):
    """The browser's way: to the provider, and back to us with what the provider gave it."""
    sent = portal.get("/staff/sign-in/provider?to=/staff/account").headers["location"]
    back = requests.get(sent, allow_redirects=False, timeout=5).headers["location"]
    return portal.get(back.removeprefix(BASE))


def test_whom_the_provider_knows_is_signed_in(portal, house, account) -> None:
    assert "/staff/sign-in/provider" in portal.get("/staff/sign-in").text
    assert there_and_back(portal).headers["location"] == "/staff/account"
    assert portal.get("/staff").status_code == 200
    with house.database.read() as connection:
        assert staff.by_id(connection, account).subject.endswith("|s-1")


def test_the_subject_counts_from_then_on_and_nobody_takes_the_login_over(
    portal, oidc, account
) -> None:
    there_and_back(portal)
    oidc.claims = {"sub": "s-1", "email": "renamed@example.test"}
    assert there_and_back(portal).status_code == 303
    oidc.claims = {"sub": "s-2", "email": "deneme@example.test"}
    assert there_and_back(portal).status_code == 401


def test_whom_we_do_not_have_stays_outside(portal) -> None:
    assert there_and_back(portal).status_code == 401


def test_a_disabled_account_stays_outside(portal, house, account) -> None:
    with house.database.write() as connection:
        staff.change(connection, account, {"disabled_at": house.now()})
    assert there_and_back(portal).status_code == 401


@pytest.mark.parametrize(
    "spoil",
    [
        {"iss": "https://other.example.test"},
        {"aud": "another"},
        {"nonce": "other"},
        {"exp": 1_000_000},
        {"email": ""},
        {"email_verified": False},
    ],
)
def test_a_token_that_does_not_hold_opens_nothing(portal, oidc, account, spoil) -> None:
    oidc.spoil = spoil
    assert there_and_back(portal).status_code == 401
    assert portal.get("/staff").status_code == 303


def test_a_token_signed_with_another_key_opens_nothing(portal, oidc, account) -> None:
    oidc.other_key = True
    assert there_and_back(portal).status_code == 401


def test_only_the_browser_that_was_sent_may_return(portal, house, account) -> None:
    sent = portal.get("/staff/sign-in/provider").headers["location"]
    back = requests.get(sent, allow_redirects=False, timeout=5).headers["location"]
    other = TestClient(portal.app, follow_redirects=False)
    assert other.get(back.removeprefix(BASE)).status_code == 401
    wrong = urlsplit(back)._replace(query="code=x&state=y").geturl()
    assert portal.get(wrong.removeprefix(BASE)).status_code == 401


def test_a_provider_that_is_away_is_said(house) -> None:
    settings = Oidc(issuer="http://127.0.0.1:1/realm", client_id="basvuru")
    portal = TestClient(make_app(replace(house, provider=Provider(settings))))
    assert portal.get("/staff/sign-in/provider").status_code == 401


def test_without_a_provider_there_is_no_such_page(house) -> None:
    portal = TestClient(make_app(house))
    assert portal.get("/staff/sign-in/provider").status_code == 404
    assert portal.get("/staff/sign-in/returned").status_code == 404
