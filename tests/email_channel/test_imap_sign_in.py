"""Certificates, passwords and tokens, on a real server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from mailbox_helpers import OpenChannel, context, drain, mail, numbers
from peers.dovecot import Dovecot
from pydantic import SecretStr

from ingest.channels.email.settings import OAuth
from ingest.errors import Later, Misconfigured

pytestmark = pytest.mark.slow


def xoauth2(server: Dovecot, refresh_token: str = "refresh-0") -> dict[str, object]:
    oauth = OAuth(
        token_url=server.oauth.token_url,
        client_id="basvuru",
        refresh_token=SecretStr(refresh_token),
    )
    return {"auth": "xoauth2", "password": "", "oauth": oauth}


@pytest.fixture
def fresh_oauth(server: Dovecot) -> Dovecot:
    """The server, with a token endpoint that nobody has used."""
    server.oauth.valid.clear()
    server.oauth.asked.clear()
    server.oauth.refresh_tokens = {"refresh-0"}
    server.oauth.rotate = False
    server.oauth.fail_with = 0
    return server


def test_a_certificate_of_an_unknown_authority_is_refused(
    server: Dovecot, open_channel: OpenChannel, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    for options in ({"ca": stranger}, {"ca": None}):
        with pytest.raises(Misconfigured, match="not trusted") as refusal:
            list(open_channel(server, **options).read({}))
        assert "`ca`" in refusal.value.remedy


def test_a_name_that_the_certificate_does_not_stand_for_is_refused(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    with pytest.raises(Misconfigured, match="not trusted"):
        list(open_channel(server, host="127.1").read({}))


def test_tls_spoken_to_a_plain_port_is_the_operators_to_mend(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    with pytest.raises(Misconfigured, match="does not speak TLS"):
        list(open_channel(server, port=server.imap_port).read({}))


def test_an_unreadable_authority_is_the_operators_to_mend(
    server: Dovecot, open_channel: OpenChannel, tmp_path: Path
) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        list(open_channel(server, ca=tmp_path / "missing.pem").read({}))


def test_a_wrong_password_parks_the_account_without_telling_it(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    channel = open_channel(server, password="yanlış", folders=("INBOX", "Junk"))
    with pytest.raises(Misconfigured, match=r"refused the login \(AUTHENTICATIONFAILED\)") as told:
        list(channel.read({}))
    assert "yanlış" not in f"{told.value!r}{told.value}{told.value.remedy}"


def test_a_server_that_is_away_is_a_matter_of_time(open_channel: OpenChannel) -> None:
    class Nobody:
        imaps_port = 1
        ca = None

    with pytest.raises(Later, match="No connection"):
        list(open_channel(Nobody()).read({}))


def test_a_missing_folder_is_named_after_the_others_were_read(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", mail(1))
    reading = open_channel(server, folders=("Yok", "INBOX")).read({})
    assert numbers([next(reading)]) == [1]
    with pytest.raises(Misconfigured, match="Yok"):
        next(reading)


def test_folder_names_with_turkish_letters_are_opened(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    with server.connection() as client:
        client.create("&AV4-ikayet")  # modified UTF-7 of Şikayet
    server.append("&AV4-ikayet", mail(1))
    deliveries, _ = drain(open_channel(server, folders=("Şikayet",)), {})
    assert numbers(deliveries) == [1]


def test_an_access_token_is_got_and_kept(fresh_oauth: Dovecot, open_channel: OpenChannel) -> None:
    fresh_oauth.append("INBOX", mail(1))
    channel = open_channel(fresh_oauth, **xoauth2(fresh_oauth))
    assert numbers(drain(channel, {})[0]) == [1]
    channel.close()
    assert numbers(drain(channel, {})[0]) == [1]
    assert len(fresh_oauth.oauth.asked) == 1


def test_a_token_that_was_withdrawn_is_refreshed_once(
    fresh_oauth: Dovecot, open_channel: OpenChannel
) -> None:
    channel = open_channel(fresh_oauth, **xoauth2(fresh_oauth))
    drain(channel, {})
    channel.close()
    fresh_oauth.oauth.valid.clear()
    fresh_oauth.append("INBOX", mail(2))
    assert numbers(drain(channel, {})[0]) == [2]
    assert len(fresh_oauth.oauth.asked) == 2


def test_a_token_is_renewed_before_it_expires(
    fresh_oauth: Dovecot, open_channel: OpenChannel
) -> None:
    clock = [datetime(2026, 1, 1, tzinfo=UTC)]
    channel = open_channel(fresh_oauth, context(now=lambda: clock[0]), **xoauth2(fresh_oauth))
    for minutes, asked in ((0, 1), (57, 1), (59, 2)):
        clock[0] = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        drain(channel, {})
        channel.close()
        assert len(fresh_oauth.oauth.asked) == asked


def test_a_dead_refresh_token_asks_for_a_new_consent(
    fresh_oauth: Dovecot, open_channel: OpenChannel
) -> None:
    with pytest.raises(Misconfigured, match="invalid_grant") as told:
        drain(open_channel(fresh_oauth, **xoauth2(fresh_oauth, "dead")), {})
    assert "Re-authorise" in told.value.remedy
    assert "someone" not in str(told.value)


def test_a_token_endpoint_in_trouble_is_a_matter_of_time(
    fresh_oauth: Dovecot, open_channel: OpenChannel
) -> None:
    fresh_oauth.oauth.fail_with = 503
    with pytest.raises(Later, match="503"):
        drain(open_channel(fresh_oauth, **xoauth2(fresh_oauth)), {})


def test_a_rotated_refresh_token_outlives_the_process(
    fresh_oauth: Dovecot, open_channel: OpenChannel, tmp_path: Path
) -> None:
    fresh_oauth.oauth.rotate = True
    for _ in range(3):
        channel = open_channel(
            fresh_oauth, context(state_folder=tmp_path / "state"), **xoauth2(fresh_oauth)
        )
        drain(channel, {})
    used = [form["refresh_token"] for form in fresh_oauth.oauth.asked]
    assert used == ["refresh-0", "refresh-1", "refresh-2"]
    (kept,) = (tmp_path / "state").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_kept_refresh_token_that_died_gives_way_to_the_configured_one(
    fresh_oauth: Dovecot, open_channel: OpenChannel, tmp_path: Path
) -> None:
    fresh_oauth.oauth.rotate = True
    state = context(state_folder=tmp_path)
    drain(open_channel(fresh_oauth, state, **xoauth2(fresh_oauth)), {})
    fresh_oauth.oauth.refresh_tokens = {"refresh-0"}
    drain(open_channel(fresh_oauth, state, **xoauth2(fresh_oauth)), {})
    used = [form["refresh_token"] for form in fresh_oauth.oauth.asked]
    assert used == ["refresh-0", "refresh-1", "refresh-0"]
