"""HTTP to the networks, tokens under a lock, signatures: the care around the poller."""

import base64
import hashlib
import hmac
import json
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.social import http, signatures
from ingest.social.http import Clock, GuardedSession, allowed_base, retry_after
from ingest.social.state import StateFile
from ingest.social.tokens import Grant, TokenKeeper
from ingest.social.trouble import Cause, Trouble
from ingest.testkit.standins import base as standin
from ingest.testkit.standins.base import Call, Says, Standin, says

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TOKEN = "SECRET-in-the-address"


class Echo(Standin):
    reply = says({"ok": True})

    def answer(self, call: Call) -> Says:
        return self.reply


@pytest.fixture
def server() -> Iterator[Echo]:
    with Echo(lambda: NOW) as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock(lambda: NOW)


@pytest.fixture
def session(server: Echo, clock: Clock) -> GuardedSession:
    return GuardedSession("X", server.url, ["https://api.example.test"], clock)


def failure(session: GuardedSession, url: str = "https://api.example.test/a") -> Trouble:
    with pytest.raises(Trouble) as raised:
        session.get(f"{url}?access_token={TOKEN}")
    return raised.value


def chain(error: BaseException | None) -> str:
    said = ""
    while error is not None:
        said += f"{error!r} {error} {vars(error)}"
        error = error.__cause__ or error.__context__
    return said


def test_the_official_host_is_replaced_before_the_request(
    session: GuardedSession, server: Echo
) -> None:
    assert session.get("https://api.example.test/2/a").json() == {"ok": True}
    assert server.asked == ["GET /2/a"]


def test_no_other_host_is_called(session: GuardedSession, server: Echo) -> None:
    assert "another host" in failure(session, "https://api.example.test.evil.test/a").reason
    assert not server.asked


def test_a_redirect_is_not_followed(session: GuardedSession, server: Echo) -> None:
    server.faults.append(Says(302, b"", {"Location": "https://evil.test/"}))
    assert session.get("https://api.example.test/a").status_code == 302


@pytest.mark.parametrize("how", ["down", "cut", "large"])
def test_a_broken_answer_is_trouble_that_shows_no_address(
    session: GuardedSession, server: Echo, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MAX_BODY", 1_000)
    server.down = how == "down"
    if how == "cut":
        server.faults.append(standin.CUT_BODY)
    if how == "large":
        server.faults.append(Says(200, b"x" * 5_000))
    trouble = failure(session)
    assert trouble.cause is Cause.BUSY
    assert trouble.asked
    assert TOKEN not in chain(trouble)


def test_a_refused_connection_asked_for_nothing(session: GuardedSession, server: Echo) -> None:
    server.stop()
    trouble = failure(session)
    assert not trouble.asked
    assert TOKEN not in chain(trouble)


def test_silence_ends_in_time(
    session: GuardedSession, server: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    server.faults.append(standin.SILENCE)
    began = time.monotonic()
    assert failure(session).cause is Cause.BUSY
    assert time.monotonic() - began < 10


def test_a_body_that_drips_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TOTAL_SECONDS", -1.0)
    with pytest.raises(Trouble, match="too slowly"):
        http.bounded([b"x"], "X")


@pytest.mark.parametrize("body", [b"[]", b"<html>", b"", b"[" * 100_000, b'"x"', b"\xff"])
def test_only_an_object_is_an_answer(body: bytes) -> None:
    with pytest.raises(Trouble) as raised:
        http.json_object(body, "X")
    assert raised.value.__context__ is None


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:80", "http://localhost:1/", "https://api.x.com", "https://api.x.com/"]
)
def test_the_official_host_and_this_machine_are_allowed(url: str) -> None:
    assert allowed_base(url, "https://api.x.com") == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    ["http://api.x.com", "https://x.com", "https://api.x.com@evil.test", "ftp://127.0.0.1", ""],
)
def test_any_other_host_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="tokens"):
        allowed_base(url, "https://api.x.com")


# -- clocks ----------------------------------------------------------------------------------


def test_a_moment_is_counted_by_the_clock_of_the_network(clock: Clock) -> None:
    headers = {"Date": "Fri, 20 Nov 2026 11:00:00 GMT"}
    clock.heard(headers)
    assert clock.now() == NOW + timedelta(hours=3)
    reset = str(int((NOW + timedelta(hours=3, seconds=50)).timestamp()))
    assert clock.until(reset, headers) == timedelta(seconds=50)


@pytest.mark.parametrize("text", ["", "x", "-5", "9" * 30, "٣"])
def test_a_moment_that_is_none_is_unsaid(clock: Clock, text: str) -> None:
    assert clock.until(text, {}) is None


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("0", 1), ("99999999", 32 * 86_400)])
def test_retry_after_is_kept_within_bounds(text: str, seconds: int) -> None:
    assert retry_after({"Retry-After": text}) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "soon", "-1", "Fri, 20 Nov 2026 11:00:00 GMT"])
def test_retry_after_without_seconds_is_unsaid(text: str) -> None:
    assert retry_after({"Retry-After": text}) is None


# -- tokens ----------------------------------------------------------------------------------


class Provider:
    """A token endpoint that rotates: the old refresh token dies with its use."""

    def __init__(self) -> None:
        self.refresh, self.number = "refresh-0", 0
        self.lock = threading.Lock()

    def __call__(self, token: str) -> Grant:
        with self.lock:
            if token != self.refresh:
                raise Trouble(Cause.DEAD, "The refresh token is invalid.")
            self.number += 1
            self.refresh = f"refresh-{self.number}"
            return Grant(f"access-{self.number}", self.refresh, timedelta(hours=2))


def keeper(folder: Path | None, provider: Provider, now: datetime = NOW) -> TokenKeeper:
    return TokenKeeper("access-0", "refresh-0", provider, folder, lambda: now)


def test_many_processes_refresh_a_rotating_token_once(tmp_path: Path) -> None:
    provider, found = Provider(), []
    keepers = [keeper(tmp_path, provider) for _ in range(8)]
    threads = [
        threading.Thread(target=lambda k=one: found.append(k.renewed("access-0")))
        for one in keepers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == ["access-1"] * 8
    assert provider.number == 1


def test_a_token_is_renewed_before_it_dies(tmp_path: Path) -> None:
    provider = Provider()
    keeper(tmp_path, provider).renewed("access-0")
    assert keeper(tmp_path, provider, NOW + timedelta(minutes=114)).get() == "access-1"
    assert keeper(tmp_path, provider, NOW + timedelta(minutes=116)).get() == "access-2"


def test_a_wiped_folder_goes_back_to_the_configured_pair_and_says_when_it_is_dead(
    tmp_path: Path,
) -> None:
    provider = Provider()
    keeper(tmp_path, provider).renewed("access-0")
    (tmp_path / "tokens.json").unlink()
    again = keeper(tmp_path, provider)
    assert again.get() == "access-0"
    with pytest.raises(Trouble) as raised:
        again.renewed("access-0")
    assert raised.value.cause is Cause.DEAD


def test_a_newly_configured_pair_counts_more_than_the_kept_one(tmp_path: Path) -> None:
    keeper(tmp_path, Provider()).renewed("access-0")
    other = TokenKeeper("access-9", "refresh-9", Provider(), tmp_path, lambda: NOW)
    assert other.get() == "access-9"


def test_tokens_are_kept_for_us_alone_and_never_shown(tmp_path: Path) -> None:
    one = keeper(tmp_path, Provider())
    one.renewed("access-0")
    assert (tmp_path / "tokens.json").stat().st_mode & 0o077 == 0
    assert "access-1" not in repr(one)
    assert "access" not in repr(Grant("access-1", "refresh-1"))


def test_a_network_that_is_away_kills_no_token(tmp_path: Path) -> None:
    def away(token: str) -> Grant:
        raise Trouble(Cause.BUSY, "away")

    one = TokenKeeper("access-0", "refresh-0", away, tmp_path, lambda: NOW)
    with pytest.raises(Trouble, match="away"):
        one.renewed("access-0")
    assert one.get() == "access-0"


def test_a_state_file_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    state = StateFile(blocked)
    state.section("a")["b"] = 1
    state.save()
    assert state.section("a") == {"b": 1}


def test_a_state_file_is_whole_after_a_crash(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    state.section("a")["b"] = 1
    state.save()
    (tmp_path / f"social.json.{os.getpid()}.new").write_text('{"half')
    state.save()
    assert json.loads((tmp_path / "social.json").read_text()) == {"a": {"b": 1}}


# -- signatures ------------------------------------------------------------------------------

BODY = json.dumps({"message": "şikâyet / 😀"}).encode()


def digest(body: bytes, secret: str = "secret") -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def test_each_network_signs_in_its_own_way() -> None:
    x = f"sha256={base64.b64encode(digest(BODY)).decode()}"
    assert signatures.x_signed("secret", BODY, x)
    assert signatures.meta_signed("secret", BODY, f"sha256={digest(BODY).hex()}")
    assert signatures.linkedin_signed("secret", BODY, digest(b"hmacsha256=" + BODY).hex())


@pytest.mark.parametrize("header", [None, "", "sha256=", "sha256=şüpheli", "x" * 10_000, "\ud800"])
@pytest.mark.parametrize(
    "signed", [signatures.x_signed, signatures.meta_signed, signatures.linkedin_signed]
)
def test_a_hostile_header_is_no_signature(signed, header: str | None) -> None:  # type: ignore[no-untyped-def]
    assert not signed("secret", BODY, header)


def test_a_body_that_was_written_anew_has_another_signature() -> None:
    header = f"sha256={digest(BODY).hex()}"
    again = json.dumps(json.loads(BODY), ensure_ascii=False).encode()
    assert not signatures.meta_signed("secret", again, header)


def test_challenges_are_answered() -> None:
    token = f"sha256={base64.b64encode(digest(b'crc')).decode()}"
    assert signatures.x_challenge("secret", "crc") == {"response_token": token}
    answer = signatures.linkedin_challenge("secret", "c")
    assert answer == {"challengeCode": "c", "challengeResponse": digest(b"c").hex()}
    assert signatures.meta_verified("word", "subscribe", "word")
    assert not signatures.meta_verified("word", "unsubscribe", "word")
    assert not signatures.meta_verified("", "subscribe", "")
