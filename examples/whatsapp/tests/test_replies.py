"""Answers: within what WhatsApp allows, and sorted by what happens next."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from basvuru.plugin import Accepted, Never, NotNow, Outcome, ReplyTo, Stop, Unknown

from basvuru_whatsapp.standin import NUMBER_ID
from opening import NOW, opened
from world import WhatsAppWorld

FACTS = {
    "message_id": "wamid.MADE-UP",
    "sender_phone": "+905550001234",
    "phone_number_id": NUMBER_ID,
    "sent_at": (NOW - timedelta(hours=1)).isoformat(),
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[WhatsAppWorld]:
    world = WhatsAppWorld(tmp_path)
    yield world
    world.close()


def outcome(
    world: WhatsAppWorld, *, text: str = "Yanıtınız", private: bool = True, **facts: str
) -> Outcome:
    channel = opened(world)
    try:
        to = ReplyTo("message-1", FACTS | facts)
        return channel.reply(to, text, private=private, reference="r-1")
    finally:
        channel.close()


def test_an_answer_arrives_as_a_quote_of_the_message(world: WhatsAppWorld) -> None:
    assert outcome(world) == Accepted("wamid.SENT-1")
    [sent] = world.meta.sent
    assert (sent["to"], sent["text"]["body"]) == ("905550001234", "Yanıtınız")
    assert sent["context"] == {"message_id": "wamid.MADE-UP"}
    assert sent["biz_opaque_callback_data"] == "r-1"


@pytest.mark.parametrize(
    "told",
    [
        {"private": False},
        {"sent_at": (NOW - timedelta(hours=25)).isoformat()},
        {"sent_at": "yesterday"},
        {"sender_phone": ""},
        {"text": "x" * 4_097},
    ],
)
def test_what_is_not_allowed_is_never_sent(world: WhatsAppWorld, told: dict[str, str]) -> None:
    assert isinstance(outcome(world, **told), Never)  # type: ignore[arg-type]
    assert world.meta.sent == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 131047, Never),
        (400, 131026, Never),
        (400, 131056, NotNow),
        (429, 130429, NotNow),
        (401, 190, Stop),
        (403, 200, Stop),
        (500, 131000, Unknown),
        (200, 0, Unknown),
    ],
)
def test_a_refusal_says_what_happens_next(
    world: WhatsAppWorld, status: int, code: int, kind: type[Outcome]
) -> None:
    body: dict[str, Any] = {"error": {"code": code}} if code else {"messages": []}
    world.meta.trouble = (status, {}, json.dumps(body).encode())
    assert isinstance(outcome(world), kind)


def test_an_answer_that_nobody_took_is_tried_again(world: WhatsAppWorld) -> None:
    world.meta.stop()
    assert isinstance(outcome(world), NotNow)


def test_the_window_runs_from_the_message(world: WhatsAppWorld) -> None:
    rules = opened(world).rules(ReplyTo("message-1", FACTS), private=True)
    assert rules.until == NOW + timedelta(hours=23)
    assert not rules.refusal
