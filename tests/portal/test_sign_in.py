"""Signing in: passwords, lock-out, one-time codes, sessions that end, links that work once."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from peers.staff import client_of, colleague
from starlette.testclient import TestClient

from config.sections import Portal
from portal.app import make_app
from portal.staff import codes, passwords
from portal.web.limits import Limiter
from storage import invitations, sessions, staff, viewlog

PASSWORD = "dört sözcük bir parola"


class Generous(Limiter):
    """Counts, and lets everybody go on."""

    def check(self, limit, what, who):
        self.allows(limit, what, who)


@pytest.fixture
def house(house):
    return replace(house, limiter=Generous())


@pytest.fixture
def portal(house):
    return TestClient(make_app(house), follow_redirects=False)


@pytest.fixture
def account(house):
    with house.database.write() as connection:
        made = staff.add(
            connection,
            login="deneme",
            name="Deneme Kişi",
            roles=["handler"],
            by="test",
            now=house.now(),
        )
        staff.change(connection, made, {"password": passwords.hashed(PASSWORD)})
    return made


def sign_in(client, password=PASSWORD, login="deneme", **more):
    return client.post("/staff/sign-in", data={"login": login, "password": password} | more)


def read(house, staff_id):
    with house.database.read() as connection:
        return staff.by_id(connection, staff_id)


def what_happened(house):
    with house.database.read() as connection:
        return [row["what"] for row in viewlog.rows(connection)]


def test_the_right_password_opens_a_session_and_leads_to_where_one_was_going(
    portal, house, account
) -> None:
    answer = sign_in(portal, to="/staff/account")
    assert answer.headers["location"] == "/staff/account"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Deneme Kişi" in portal.get("/staff/account").text
    assert what_happened(house) == ["signed_in"]


def test_a_login_is_found_whatever_the_case(portal, account) -> None:
    assert sign_in(portal, login="DENEME").status_code == 303


def test_with_https_the_cookie_is_for_this_host_and_for_https_alone(house, account) -> None:
    app = make_app(replace(house, base_url="https://basvuru.example.test"))
    client = TestClient(app, follow_redirects=False)
    first = sign_in(client, to="//other.example.test")
    assert first.headers["set-cookie"].startswith("__Host-session=")
    assert "Secure" in first.headers["set-cookie"]
    assert first.headers["location"] == "/staff"
    assert "max-age" in first.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(("login", "password"), [("deneme", "x"), ("nobody", PASSWORD), ("", "")])
def test_nobody_learns_what_was_wrong(portal, account, login, password) -> None:
    answer = sign_in(portal, login=login, password=password)
    assert answer.status_code == 401
    assert "Kullanıcı adı veya parola yanlış" in answer.text
    assert "set-cookie" not in answer.headers


def test_after_five_wrong_passwords_the_account_rests_and_then_goes_on(
    portal, world, house, account
) -> None:
    for _ in range(5):
        assert sign_in(portal, password="wrong").status_code == 401
    assert sign_in(portal).status_code == 401
    assert what_happened(house) == ["locked"]
    world.later(minutes=16)
    assert sign_in(portal).status_code == 303
    assert read(house, account).failures == 0


def test_a_stranger_cannot_lock_a_colleague_out_of_his_own_browser(
    portal, world, house, account
) -> None:
    sign_in(portal)
    stranger = TestClient(make_app(house), follow_redirects=False)
    for _ in range(6):
        sign_in(stranger, password="wrong")
    assert sign_in(stranger).status_code == 401
    assert sign_in(portal).status_code == 303
    stranger.cookies.set("known", "0" * 64)
    for _ in range(6):
        sign_in(stranger, password="wrong")
    assert sign_in(stranger).status_code == 401


def test_a_known_browser_has_as_many_tries_as_anybody_and_ends_with_the_password(
    portal, world, house, account
) -> None:
    counting = TestClient(make_app(replace(house, limiter=Limiter())), follow_redirects=False)
    sign_in(counting)
    cookie = counting.cookies["known"]
    assert [sign_in(counting, password="wrong").status_code for _ in range(9)] == [401] * 9
    with house.database.write() as connection:
        staff.change(
            connection, account, {"failures": 5, "locked_until": house.now() + timedelta(1)}
        )
    world.later(minutes=2)
    afresh = TestClient(make_app(replace(house, limiter=Limiter())), follow_redirects=False)
    afresh.cookies.set("known", cookie)
    tries = [sign_in(afresh, password="wrong").status_code for _ in range(5)]
    assert tries == [401] * 5
    assert sign_in(afresh).status_code == 401
    other = TestClient(make_app(house), follow_redirects=False)
    other.cookies.set("known", cookie)
    with house.database.write() as connection:
        staff.change(connection, account, {"password": passwords.hashed("yepyeni bir parola")})
    assert sign_in(other, password="yepyeni bir parola").status_code == 401


def test_tries_from_one_address_are_limited(house, account) -> None:
    client = TestClient(make_app(replace(house, limiter=Limiter())), follow_redirects=False)
    answers = [sign_in(client, login=f"n{i}", password="x").status_code for i in range(13)]
    assert answers[0] == 401
    assert answers[-1] == 429


def test_a_disabled_account_does_not_get_in_and_is_out_at_once(portal, house, account) -> None:
    sign_in(portal)
    with house.database.write() as connection:
        staff.change(connection, account, {"disabled_at": house.now()})
    assert portal.get("/staff/account").headers["location"].startswith("/staff/sign-in")
    assert sign_in(portal).status_code == 401


def test_a_session_ends_when_nothing_is_opened_and_after_half_a_day(portal, world, account) -> None:
    sign_in(portal)
    world.later(minutes=29)
    assert portal.get("/staff").status_code == 200
    world.later(minutes=29)
    assert portal.get("/staff").status_code == 200
    world.later(minutes=31)
    assert portal.get("/staff").status_code == 303
    sign_in(portal)
    for _ in range(26):
        world.later(minutes=28)
        last = portal.get("/staff").status_code
    assert last == 303


def test_watching_a_live_page_keeps_no_session_awake(portal, world, house, account) -> None:
    sign_in(portal)
    world.later(minutes=20)
    portal.get("/staff", headers={"Accept": "text/event-stream"})
    world.later(minutes=11)
    assert portal.get("/staff").status_code == 303


def test_signing_out_ends_the_session_on_the_server(portal, house, account) -> None:
    who = colleague(house, "handler")
    client = client_of(portal, who)
    assert client.post("/staff/sign-out").headers["location"] == "/staff/sign-in"
    assert client_of(portal, who).get("/staff").status_code == 303


def test_signing_out_everywhere_leaves_only_this_session(portal, house) -> None:
    here, there = colleague(house, "handler"), colleague(house, "handler")
    client_of(portal, here).post("/staff/account/sessions/end")
    assert client_of(portal, here).get("/staff").status_code == 200
    assert client_of(portal, there).get("/staff").status_code == 303


def test_the_database_holds_no_cookie_and_no_password(portal, house, account) -> None:
    secret = sign_in(portal).cookies["session"]
    with house.database.read() as connection:
        [session] = sessions.of_staff(connection, account)
    assert secret not in repr((session.id, session.token))
    assert read(house, account).password.startswith("$argon2id$")


def code_for(house, key):
    return pyotp.TOTP(key).at(house.now())


def set_up_codes(portal, house, who):
    client = client_of(portal, who)
    page = client.post("/staff/account/codes").text
    key = re.search(r'<code class="nowrap">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    step = re.search(r'name="step" value="([^"]+)"', page)[1]
    assert "<svg" in page
    assert (
        client.post(
            "/staff/account/codes/confirm", data={"step": step, "code": "000000"}
        ).status_code
        == 422
    )
    done = client.post(
        "/staff/account/codes/confirm", data={"step": step, "code": code_for(house, key)}
    )
    return key, re.findall(r"<li><code>([a-z2-9-]+)</code>", done.text)


@pytest.fixture
def with_codes(portal, house, account):
    """(key, recovery codes) of the account."""
    return set_up_codes(portal, house, colleague(house, "handler", login="deneme"))


def step_of(answer):
    return re.search(r'name="step" value="([^"]+)"', answer.text)[1]


def test_a_code_is_asked_for_and_works_once(portal, world, house, account, with_codes) -> None:
    key, _ = with_codes
    world.later(seconds=60)
    first = sign_in(portal, to="/staff/account")
    assert first.status_code == 200
    assert "set-cookie" not in first.headers
    data = {"step": step_of(first), "code": code_for(house, key), "to": "/staff/account"}
    assert portal.post("/staff/sign-in/code", data=data).headers["location"] == "/staff/account"
    again = sign_in(portal)
    data = {"step": step_of(again), "code": code_for(house, key)}
    assert portal.post("/staff/sign-in/code", data=data).status_code == 401


def test_wrong_codes_lock_the_account_too(portal, world, house, account, with_codes) -> None:
    key, _ = with_codes
    world.later(seconds=60)
    step = step_of(sign_in(portal))
    for _ in range(5):
        wrong = portal.post("/staff/sign-in/code", data={"step": step, "code": "123"})
        assert wrong.status_code == 401
    data = {"step": step, "code": code_for(house, key)}
    assert portal.post("/staff/sign-in/code", data=data).status_code == 401


def test_the_step_between_password_and_code_ends(portal, world, house, with_codes) -> None:
    step = step_of(sign_in(portal))
    world.later(minutes=6)
    data = {"step": step, "code": code_for(house, with_codes[0])}
    assert portal.post("/staff/sign-in/code", data=data).status_code == 401


def test_a_recovery_code_works_once(portal, house, account, with_codes) -> None:
    code = with_codes[1][0].upper().replace("-", " ")
    for expected in (303, 401):
        step = step_of(sign_in(portal))
        data = {"step": step, "code": code}
        assert portal.post("/staff/sign-in/code", data=data).status_code == expected
    assert len(with_codes[1]) == 10
    assert len(read(house, account).recovery) == 9


def test_codes_of_the_steps_before_and_after_count_and_no_others(house) -> None:
    key, now = codes.new_key(), house.now()
    for seconds, counts in ((0, True), (-30, True), (30, True), (-90, False), (90, False)):
        code = pyotp.TOTP(key).at(now + timedelta(seconds=seconds))
        assert (codes.step_of(key, code, now) is not None) == counts


def test_a_key_is_kept_sealed_and_only_for_its_account() -> None:
    sealed = codes.seal("ABCDEFGH", 7, b"master")
    assert b"ABCDEFGH" not in sealed
    assert codes.unseal(sealed, 7, b"master") == "ABCDEFGH"
    assert codes.unseal(sealed, 8, b"master") is None
    assert codes.unseal(sealed, 7, b"other") is None


def test_codes_are_turned_off_with_the_password_only(portal, house, account, with_codes) -> None:
    client = client_of(portal, colleague(house, "handler", login="deneme"))
    assert client.post("/staff/account/codes/remove", data={"old": "x"}).status_code == 422
    assert read(house, account).code_key is not None
    client.post("/staff/account/codes/remove", data={"old": PASSWORD})
    assert read(house, account).code_key is None


def test_where_codes_are_required_nothing_else_opens_first(house) -> None:
    strict = make_app(replace(house, portal=Portal(second_factor="required")))
    portal = TestClient(strict, follow_redirects=False)
    client = client_of(portal, colleague(house, "handler"))
    assert client.get("/staff").headers["location"] == "/staff/account"
    assert "Önce tek kullanımlık kodları kurun" in client.get("/staff/account").text


def test_a_new_password_ends_the_other_sessions(portal, house, account) -> None:
    here = colleague(house, "handler", login="deneme")
    there = colleague(house, "handler", login="deneme")
    data = {"old": PASSWORD, "password": "başka dört sözcük", "again": "başka dört sözcük"}
    assert client_of(portal, here).post("/staff/account/password", data=data).status_code == 303
    assert client_of(portal, here).get("/staff").status_code == 200
    assert client_of(portal, there).get("/staff").status_code == 303
    assert sign_in(portal, password="başka dört sözcük").status_code == 303


@pytest.mark.parametrize(
    ("old", "password", "again"),
    [
        ("wrong", "başka dört sözcük", "başka dört sözcük"),
        (PASSWORD, "kısa", "kısa"),
        (PASSWORD, "deneme deneme deneme", "deneme deneme deneme"),
        (PASSWORD, "aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa"),
        (PASSWORD, "ç" * 201, "ç" * 201),
        (PASSWORD, "başka dört sözcük", "başka dört söz"),
    ],
)
def test_a_password_that_will_not_do_is_said(portal, house, account, old, password, again) -> None:
    client = client_of(portal, colleague(house, "handler", login="deneme"))
    data = {"old": old, "password": password, "again": again}
    answer = client.post("/staff/account/password", data=data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert sign_in(portal).status_code == 303


def test_an_invitation_lets_somebody_choose_a_password_once(portal, world, house, account) -> None:
    with house.database.write() as connection:
        void = invitations.invite(connection, staff.by_id(connection, account), house.now())
        path = invitations.invite(connection, staff.by_id(connection, account), house.now())
    assert portal.get(void).status_code == 410
    assert "Deneme Kişi" in portal.get(path).text
    data = {"password": "yepyeni uzun parola", "again": "yepyeni uzun parola"}
    assert portal.post(path, data=data | {"again": "x"}).status_code == 422
    assert portal.post(path, data=data).headers["location"] == "/staff"
    assert portal.get("/staff").status_code == 200
    assert portal.post(path, data=data).status_code == 410


def test_an_invitation_ends_after_three_days(portal, world, house, account) -> None:
    with house.database.write() as connection:
        path = invitations.invite(connection, staff.by_id(connection, account), house.now())
    world.later(days=3, seconds=1)
    assert portal.get(path).status_code == 410


def test_the_first_link_makes_an_administrator_and_is_void_once_there_is_one(portal, house) -> None:
    with house.database.write() as connection:
        path = invitations.invite_first(connection, house.now())
    data = {"login": "ilk yönetici", "name": "İlk Yönetici"}
    data |= {"password": "yepyeni uzun parola", "again": "yepyeni uzun parola"}
    assert portal.post(path, data=data).status_code == 422
    assert portal.post(path, data=data | {"login": "ilk"}).status_code == 303
    assert portal.get("/staff/people").status_code == 200
    with house.database.write() as connection:
        path = invitations.invite_first(connection, house.now())
    assert portal.post(path, data=data | {"login": "iki"}).status_code == 410
    with house.database.read() as connection:
        assert [one.login for one in staff.every(connection)] == ["ilk"]


def test_what_is_over_is_forgotten(house, account) -> None:
    who = colleague(house, "handler")
    with house.database.write() as connection:
        sessions.tidy(connection, house.now() + timedelta(hours=13))
        assert sessions.find(connection, who.cookie) is None
