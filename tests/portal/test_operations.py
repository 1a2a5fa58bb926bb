"""The operations room: state, channels, maintenance, quarantine, queues, metrics, as routes."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from peers.staff import client_of, colleague
from peers.world import mail
from pydantic import SecretStr
from starlette.testclient import TestClient

from cases.health import Around
from cases.queues import DeadLetter, QueueState
from config.sections import Operations
from ingest.contract import RawItem
from portal.app import make_app
from portal.operations.raw import dump, is_text, text_of
from storage import channels, daemons, quarantine, switches, viewlog

ROOT = Path(__file__).parents[2]
TEXT = "Hasar dosyam sonuçlanmadı. Cep: 0555 000 12 34"


@pytest.fixture
def operator(signed_in):
    return signed_in("operations")


@pytest.fixture
def healthy(world, house):
    """Every daemon was heard just now."""
    with house.database.write() as connection:
        for role in ("poll", "work", "pages", "schedule", "serve"):
            daemons.beat(connection, role, role, started_at=house.now(), now=house.now())


def state(house, name="mail"):
    with house.database.read() as connection:
        return channels.state(connection, name)


def did(house):
    with house.database.read() as connection:
        return [row["data"] for row in viewlog.rows(connection, what="operations")]


def test_all_is_well_when_it_is(world, operator, healthy) -> None:
    world.receive(mail(TEXT, key="1"))
    page = operator.get("/staff/operations").text
    assert "Her şey yolunda" in page
    assert 'class="verdict good"' in page


def park(house, reason: str, remedy: str) -> None:
    now = house.now()
    later = now + timedelta(hours=1)
    with house.database.write() as connection:
        channels.park(connection, "mail", until=later, reason=reason, remedy=remedy, now=now)


def test_what_is_wrong_is_said_with_since_and_remedy(world, house, operator, healthy) -> None:
    world.receive(mail(TEXT, key="1"))
    park(house, "the mailbox refuses the password", "Set a new one.")
    page = operator.get("/staff/operations").text
    assert "1 sorun var" in page
    assert "the mailbox refuses the password" in page
    assert "Set a new one." in page
    world.later(minutes=2)
    assert "Çalışan işçi yok" in operator.get("/staff/operations").text


def test_what_a_channel_says_is_shown_in_the_language_of_the_page(
    world, house, operator, healthy
) -> None:
    world.receive(mail(TEXT, key="1"))
    refused = "The mail server refused the login (AUTHENTICATIONFAILED)."
    park(house, refused, 'Set security = "starttls" or "tls".')
    world.receive(RawItem("odd", "email", b"half", problem="incomplete: the file is empty"))
    turkish = operator.get("/staff/operations").text
    assert "oturum açmayı reddetti (AUTHENTICATIONFAILED)." in turkish
    assert "&#34;starttls&#34; ya da &#34;tls&#34; yapın." in turkish
    assert turkish.count("/staff/operations/channels/mail/start") == 2  # beside what is wrong too
    desk = operator.get("/staff/quarantine").text
    assert "eksik: dosya boş" in desk
    assert ">eksik (1)<" in desk
    operator.cookies.set("language", "en")
    english = operator.get("/staff/operations").text
    assert "The mail server refused the login (AUTHENTICATIONFAILED)." in english
    assert "incomplete: the file is empty" in operator.get("/staff/quarantine").text


def test_the_state_is_followed_live(house, site) -> None:
    import httpx2

    who = colleague(house, "operations")
    address = f"{site.url}/staff/operations/live"
    with httpx2.stream("GET", address, cookies={"session": who.cookie}, timeout=10) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if "verdict" in line:
                break
        assert line.startswith("data: ")


def test_channels_are_stopped_started_and_parked_on_record(world, house, operator) -> None:
    world.receive(mail(TEXT, key="1"))
    operator.post("/staff/operations/channels/mail/stop")
    assert state(house).stopped
    operator.post("/staff/operations/channels/mail/park", data={"minutes": "15"})
    assert state(house).parked_until == house.now() + timedelta(minutes=15)
    assert state(house).failures == 0
    operator.post("/staff/operations/channels/mail/start")
    assert (state(house).stopped, state(house).parked_until) == (False, None)
    assert [one["did"] for one in did(house)] == ["start", "park", "stop"]
    assert operator.post("/staff/operations/channels/none/stop").status_code == 404


def test_a_channel_that_is_started_is_opened_anew_by_whoever_reads_it(world, house, operator):
    with house.database.write() as connection:
        channels.register(connection, "box", "email")
        channels.register(connection, "web", "web")
        length = timedelta(minutes=1)
        first = channels.take_lease(connection, "box", "a", now=house.now(), length=length)
    operator.post("/staff/operations/channels/box/start")
    operator.post("/staff/operations/channels/web/start")
    with house.database.write() as connection:
        then = channels.take_lease(connection, "box", "a", now=house.now(), length=length)
    assert (first, then) == (1, 2)
    assert state(house, "web").lease_epoch == 0


def test_who_follows_is_not_shown_once_more_what_was_before(world, operator) -> None:
    world.receive(mail(TEXT, key="1"))
    pictures = operator.app.state.pictures
    assert not pictures.newest().picture.channels[0].stopped
    operator.post("/staff/operations/channels/mail/stop")
    operator.get("/staff/operations")
    assert pictures.newest().picture.channels[0].stopped


def test_maintenance_keeps_landing_and_holds_the_rest(world, house, operator, healthy) -> None:
    operator.post("/staff/operations/maintenance/begin", data={"reason": "Güncelleme"})
    with house.database.read() as connection:
        switch = switches.maintenance(connection)
    assert (switch.by, switch.reason) == ("operations", "Güncelleme")
    assert world.land(mail(TEXT, key="1")).count == 1
    assert "Bakım modu açık" in operator.get("/staff/operations").text
    operator.post("/staff/operations/maintenance/end")
    with house.database.read() as connection:
        assert switches.maintenance(connection) is None


def test_workers_answer_no_bell_while_work_is_held(world, house) -> None:
    from workers.held import HeldSwitch
    from workers.process import Hand

    world.land(mail(TEXT, key="1"))
    with house.database.write() as connection:
        switches.begin_maintenance(connection, by="x", reason="", now=house.now())

    class Silent:
        def ring(self, rows):
            """Nobody listens."""

    hand = Hand(world.stages, Silent(), is_held=HeldSwitch(house.database))
    hand.answer("mail")
    assert world.waiting() == 1
    with house.database.write() as connection:
        switches.end_maintenance(connection)
    hand.answer("mail")
    world.drain()
    assert len(world.applications()) == 1


def aside(world, key="odd", kind="no-such-kind", body=b"\0\1\2", problem=None):
    world.receive(RawItem(key, kind, body, problem=problem))
    with world.database.read() as connection:
        return quarantine.items(connection)


def test_the_quarantine_shows_why_and_looking_at_raw_is_recorded(world, house, operator) -> None:
    [item] = aside(world)
    assert item.cause in operator.get("/staff/quarantine").text
    page = operator.get(f"/staff/quarantine/{item.id}").text
    assert "000000  00 01 02" in page
    with house.database.read() as connection:
        [row] = list(viewlog.rows(connection, what="raw"))
    assert row["data"] == {"quarantine": item.id, "raw": item.raw_id}
    assert operator.get("/staff/quarantine/999").status_code == 404


def test_one_is_replayed_or_all_of_a_cause(world, house, operator) -> None:
    items = [*aside(world, "a"), *aside(world, "b")]
    operator.post("/staff/quarantine/replay", data={})
    assert did(house)[0] == {"quarantine": 0, "did": "replayed"}
    operator.post("/staff/quarantine/replay", data={"ids": str(items[0].id)})
    assert did(house)[0] == {"quarantine": 1, "did": "replayed"}
    operator.post("/staff/quarantine/replay", data={"cause": items[0].cause})
    assert did(house)[0] == {"quarantine": 2, "did": "replayed"}
    operator.post("/staff/quarantine/discard", data={"cause": items[0].cause})
    assert world.quarantine() == {}


def test_a_mended_copy_is_recorded_and_the_first_stays(world, house, operator) -> None:
    [item] = aside(world, "m", "email", b"half a mail", "incomplete: the connection broke")
    mended = mail(TEXT, key="x").body
    sent = operator.post(
        f"/staff/quarantine/{item.id}/mend", files={"file": ("mended.eml", mended)}
    )
    assert sent.status_code == 303
    assert len(world.applications()) == 1
    assert world.quarantine() == {}
    assert all(row["balances"] for row in world.ledger())
    with house.database.read() as connection:
        kept = quarantine.item(connection, item.id)
    assert (kept.closed_how, kept.sha256) == ("discarded", item.sha256)
    again = operator.post(f"/staff/quarantine/{item.id}/mend", files={"file": ("m", mended)})
    assert again.status_code == 409


def test_raw_content_is_harmless_to_look_at() -> None:
    assert text_of("a\x1b[31m\u202eb\r\nç".encode()) == "a·[31m·b\nç"
    assert is_text("Şikâyet\r\n".encode())
    assert not is_text(b"\0\1")
    assert dump(b"AB\0").startswith("000000  41 42 00")


class Desk:
    """A broker with one dead letter."""

    def __init__(self, at):
        self.letters = {"l1": DeadLetter("mail", "l1", at, "answer_mail", (1, 2), "ValueError")}
        self.put_back = []

    def queues(self):
        return [QueueState("mail", 3, 1, len(self.letters)), QueueState("steps", 0, 0, 0)]

    def dead(self, queue, limit=100):
        return list(self.letters.values()) if queue == "mail" else []

    def requeue(self, queue, letter):
        self.put_back.append(letter)
        return self.letters.pop(letter, None) is not None

    def purge(self, queue, letter):
        return self.letters.pop(letter, None) is not None


@pytest.mark.parametrize("what", ["requeue", "purge"])
def test_dead_letters_are_put_back_or_thrown_away_on_record(house, what) -> None:
    house = replace(house, letters=Desk(house.now()))
    operator = client_of(TestClient(make_app(house)), colleague(house, "operations"))
    assert "ValueError" in operator.get("/staff/queues").text
    operator.post(f"/staff/queues/mail/{what}", data={"letter": "l1"})
    assert "Ölü ileti yok" in operator.get("/staff/queues").text
    assert did(house) == [{"queue": "mail", "did": f"{what}d", "letters": 1}]
    assert operator.post(f"/staff/queues/none/{what}").status_code == 404


def test_a_broker_that_is_away_is_said(operator) -> None:
    assert "Redis yanıt vermiyor" in operator.get("/staff/queues").text


def test_metrics_are_for_this_machine_or_for_the_token(house) -> None:
    app = make_app(house)
    assert TestClient(app).get("/metrics").status_code == 403
    assert TestClient(app, client=("127.0.0.1", 1)).get("/metrics").status_code == 200
    token = replace(house, operations=Operations(metrics_token=SecretStr("t")))
    client = TestClient(make_app(token), client=("127.0.0.1", 1))
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer t"}).status_code == 200


def exported(world, house) -> str:
    world.receive(mail(TEXT, key="1"))
    aside(world)
    world.land(mail(TEXT, key="2"))
    house = replace(house, around=lambda: Around({"/data": 0.5}, dead_letters=2))
    return TestClient(make_app(house), client=("127.0.0.1", 1)).get("/metrics").text


def test_metrics_say_what_the_page_says_and_nothing_personal(world, house, healthy) -> None:
    text = exported(world, house)
    assert 'basvuru_channel_landed_last_hour{channel="mail"} 3.0' in text
    assert 'basvuru_outbox_rows{medium="sms",state="accepted"} 1.0' in text
    assert 'basvuru_processes_alive{role="work"} 1.0' in text
    assert "basvuru_dead_letters 2.0" in text
    assert 'basvuru_number_seconds{quantile="0.95"} 0.0' in text
    assert "0555" not in text
    assert "example.test" not in text


@pytest.mark.parametrize("file", ["alerts.yml", "grafana/basvuru.json"])
def test_what_deploy_asks_of_prometheus_exists(world, house, healthy, file) -> None:
    """Alert rules and dashboard name metrics, and labels, that are there."""
    asked = (ROOT / "deploy" / file).read_text(encoding="utf-8")
    there = set(re.findall(r"^# TYPE (basvuru_\w+)", exported(world, house), re.MULTILINE))
    named = set(re.findall(r"basvuru_\w+", asked))
    assert len(named) > 8
    assert named - there == set()


def test_what_was_done_at_the_quarantine_is_said(world, operator) -> None:
    world.receive(RawItem("odd", "email", b"half", problem="incomplete: the file is empty"))
    none = operator.post("/staff/quarantine/discard", data={}, follow_redirects=True)
    assert "Kapatıldı" in none.text
    assert "0 öğe" in none.text
    one = operator.post("/staff/quarantine/discard", data={"ids": "1"}, follow_redirects=True)
    assert "1 öğe" in one.text
    assert "Karantina boş" in one.text
