"""SMS that people send to our number: who brings them shows the token, and nothing is lost."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from peers.installation import Installation
from peers.kannel import INSTALLED, PASSWORD, Kannel
from peers.redis import Redis
from peers.server import free_port, is_open, wait_until
from peers.world import World, mail

from ingest.channels.sms import CHANNEL, Settings, Sms
from ingest.contract import Context, WebhookRequest
from ingest.errors import Refused
from storage import outbox
from storage.outbox import NewOutbox

TOKEN = "a-token-of-sixteen-or-more"


@pytest.fixture
def channel() -> Sms:
    settings = Settings.model_validate({"token": TOKEN})
    context = Context("sms", structlog.get_logger(), lambda: datetime(2026, 3, 10, tzinfo=UTC))
    opened = CHANNEL.open(settings, context)
    assert isinstance(opened, Sms)
    return opened


def post(body: bytes, headers: dict[str, str] | None = None, **query: str) -> WebhookRequest:
    return WebhookRequest("POST", {"token": TOKEN} | query, headers or {}, body)


def test_a_token_that_can_be_guessed_is_said() -> None:
    context = Context("sms", structlog.get_logger(), lambda: datetime(2026, 3, 10, tzinfo=UTC))
    for token, fine in (("short", False), (TOKEN, True)):
        opened = CHANNEL.open(Settings.model_validate({"token": token}), context)
        assert all(finding.ok for finding in opened.check()) is fine


def kannel(text: bytes, sender: str = "905550001234", charset: str = "UTF-8") -> WebhookRequest:
    headers = {
        "x-kannel-from": sender,
        "x-kannel-time": "2026-03-10 09:30:00",
        "content-type": f'text/plain; charset="{charset}"',
    }
    return post(text, headers)


def test_nobody_without_the_token_brings_anything(channel: Sms) -> None:
    for query in ({}, {"token": ""}, {"token": "another-one-of-sixteen"}):
        with pytest.raises(Refused):
            channel.verify_and_items(WebhookRequest("POST", query, {}, b"x"))


def test_a_text_of_kannel_has_its_number_time_and_letters(channel: Sms) -> None:
    [item] = channel.verify_and_items(kannel("Işık söndü".encode()))
    assert item.facts == {"sender_phone": "+905550001234", "charset": "UTF-8"}
    assert item.received_at == datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
    assert item.body.decode() == "Işık söndü"


def test_forms_json_and_queries_say_the_same(channel: Sms) -> None:
    fields = {"from": "905550001234", "text": "Evet", "id": "17"}
    form = post(b"from=905550001234&text=Evet&id=17")
    as_json = post(json.dumps(fields).encode(), {"content-type": "application/json"})
    items = [channel.verify_and_items(one)[0] for one in (form, as_json, post(b"", **fields))]
    assert len({(item.source_key, item.body) for item in items}) == 1


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"text": "x"}', b"[" * 100_000])
def test_what_cannot_be_read_lands_with_its_cause(channel: Sms, body: bytes) -> None:
    [item] = channel.verify_and_items(post(body, {"content-type": "application/json"}))
    assert item.body == body
    assert item.problem


def test_a_kannel_that_does_not_say_who_wrote_is_said(channel: Sms) -> None:
    """It says so only where ``send-sender`` is set."""
    head = {"x-kannel-time": "2026-03-10 09:30:00", "content-type": "text/plain"}
    [item] = channel.verify_and_items(post(b"Evet", head))
    [later] = channel.verify_and_items(post(b"Evet", head | {"x-kannel-time": "2026-03-10 10:00"}))
    assert item.body == b"Evet"
    assert "send-sender" in str(item.problem)
    assert item.source_key != later.source_key


def test_a_key_holds_no_number_and_no_text(channel: Sms) -> None:
    [item] = channel.verify_and_items(kannel(b"Evet"))
    assert "555" not in item.source_key
    assert "5550001234" not in repr(item)


def asked(world: World, application_id: int) -> None:
    row = NewOutbox(
        application_id=application_id,
        purpose="question:1",
        medium="sms",
        recipient="+905550001234",
        language="tr",
        text="Tutanak var mı?",
        state="pending",
        detail="",
        due_at=world.moment,
        trace="t",
    )
    with world.database.write() as connection:
        outbox.owe(connection, row, world.moment)
    world.drain()


def test_an_answer_to_our_question_joins_although_it_names_no_number(
    world: World, channel: Sms
) -> None:
    [one] = world.receive(mail("Dosyam sonuçlanmadı. Cep: 0555 000 12 34", key="1"))
    asked(world, one["id"])
    for text in ("Evet var", "Evet var", "Yarın gönderirim"):
        world.later(minutes=1)
        request = WebhookRequest(
            "POST",
            {"token": TOKEN},
            {"x-kannel-from": "905550001234", "x-kannel-time": f"{world.moment:%F %T}"},
            text.encode(),
        )
        world.receive(*channel.verify_and_items(request), account="sms")
    [one] = world.applications()
    assert one["message_count"] == 4


def test_an_sms_from_somebody_whom_nobody_asked_is_an_application(
    world: World, channel: Sms
) -> None:
    world.receive(*channel.verify_and_items(kannel("Çekici gelmedi".encode())), account="sms")
    [one] = world.applications()
    assert one["channel"] == "sms"
    assert one["applicant"]["phone"] == "+905550001234"
    assert one["acknowledgement"]["state"] == "accepted"


def test_a_text_in_the_alphabet_of_phones_is_read(world: World, channel: Sms) -> None:
    text = "Şikâyetim var".encode("utf-16-be")
    world.receive(*channel.verify_and_items(kannel(text, charset="UTF-16BE")), account="sms")
    [one] = world.applications()
    assert one["subject"].startswith("Şikâyetim")


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.skipif(not INSTALLED, reason="Kannel is not installed")
def test_what_a_phone_sends_through_kannel_is_an_application(tmp_path: Path) -> None:
    """No scheduler runs: what was landed is rung for, and done at once."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/hooks/channel/sms?token={TOKEN}"
    with Redis(tmp_path / "redis") as redis, Kannel(tmp_path / "kannel", address) as kannel:
        toml = f"""
[broker]
url = "{redis.url}"
[portal]
port = {port}
[channels.sms]
kind = "sms"
token = "{TOKEN}"
[sms]
gateway = "kannel"
[sms.options]
url = "{kannel.url}"
username = "app"
password = "{PASSWORD}"
"""
        with Installation(tmp_path / "house", toml) as house:
            house.start("serve", "serve")
            house.start("work", "work")
            wait_until(lambda: is_open(port), "the portal", 120)
            kannel.bring("905550001234", "Çekici gelmedi, ığüşöç")
            wait_until(lambda: house.json("applications"), "the application", 120)
            [application] = house.json("applications")
            number = application["number"]
            wait_until(lambda: number in said_to("+905550001234", kannel), "the SMS", 120)
    assert application["channel"] == "sms"
    assert application["applicant"]["phone"] == "+905550001234"


def said_to(number: str, kannel: Kannel) -> str:
    """Every part of what that phone got, numbers as they are stored."""
    parts = [text for _, to, text in kannel.received if to == number]
    return "".join(parts).replace("-", "")
