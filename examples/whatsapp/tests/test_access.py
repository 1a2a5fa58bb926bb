"""The token: whether it lives, and what an operator reads when it does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from basvuru.plugin import Board, Channel, Misconfigured, Replies, Webhook

from basvuru_whatsapp import CHANNEL
from basvuru_whatsapp.channel import WhatsApp
from opening import NOW, opened
from world import WhatsAppWorld


@pytest.fixture
def world(tmp_path: Path) -> Iterator[WhatsAppWorld]:
    world = WhatsAppWorld(tmp_path)
    yield world
    world.close()


@pytest.fixture
def channel(world: WhatsAppWorld) -> Iterator[WhatsApp]:
    channel = opened(world)
    yield channel
    channel.close()


def test_it_is_all_that_it_says_it_is(channel: WhatsApp) -> None:
    webhook: Webhook = channel
    assert isinstance(webhook, Webhook)
    rest: tuple[Channel, Replies, Board] = (channel, channel, channel)
    assert rest


def test_the_board_follows_the_token(channel: WhatsApp, world: WhatsAppWorld) -> None:
    assert channel.board()[0].state == "warning"
    list(channel.read({}))
    assert (channel.board()[0].state, channel.board()[0].last_good_at) == ("ok", NOW)
    world.kill_credential()
    channel.check()
    [line] = channel.board()
    assert line.state == "dead"
    assert "access_token" in line.remedy
    assert "access_token" in CHANNEL.turkish[line.remedy]
    assert line.last_good_at == NOW


def test_a_living_token_is_not_asked_about_at_every_read(
    channel: WhatsApp, world: WhatsAppWorld
) -> None:
    list(channel.read({}))
    world.cut()
    assert list(channel.read({})) == []


def test_a_number_of_another_account_is_the_operators_matter(tmp_path: Path) -> None:
    class Mistyped(WhatsAppWorld):
        def table(self) -> dict[str, object]:
            return super().table() | {"phone_number_id": "999999"}

    world = Mistyped(tmp_path)
    try:
        with pytest.raises(Misconfigured, match="does not know the number"):
            list(opened(world).read({}))
    finally:
        world.close()
