"""Handlers' questions and answers go out in the channel, and what comes back there is heard."""

import pytest
from peers.answering import answer, history, outbox, status
from peers.world import World
from social_items import item
from sqlalchemy import update
from test_channel_replies import Network, network

from cases.answers import asking
from storage import tables as t

FIRST, SECOND = "1900000000000000001", "1900000000000000002"
POST = "Hasar dosyam üç haftadır bekliyor, kimse aramıyor. Yardım eder misiniz?"


@pytest.fixture
def posted(database, tmp_path, now) -> World:
    world = World(database, tmp_path, now, frozenset({"brand"}))
    world.channels["brand"] = Network()  # type: ignore[assignment]
    world.receive(item(POST, thread=FIRST), account="brand")
    with world.database.write() as connection:
        connection.execute(update(t.application).values(type="complaint"))
    return world


def the_one(world: World) -> int:
    [one] = world.applications()
    return int(one["id"])


def test_a_public_answer_is_a_reply_to_the_post(posted: World):
    one = the_one(posted)
    said = {"medium": "reply", "template": "answer", "position": "informed", "remedies": ()}
    answer_id = answer(posted, one, reasons="Konuyu hemen inceliyoruz.", **said)
    key, text, private = network(posted).sent[-1]
    assert (key, private) == (item(POST, thread=FIRST).source_key, False)
    assert "Konuyu hemen inceliyoruz." in text and "26-1994-3644" not in text
    assert outbox(posted, one)[f"answer:{answer_id}"]["state"] == "accepted"
    assert status(posted, one) == "answered"


def test_a_question_in_private_is_answered_in_the_same_conversation(posted: World):
    one = the_one(posted)
    with posted.database.write() as connection:
        asking.ask(
            connection,
            one,
            "Poliçe numaranız nedir?",
            "private",
            posted.tools.office,
            by="staff:elif",
            now=posted.moment,
        )
    posted.drain()
    _, text, private = network(posted).sent[-1]
    assert private and "Poliçe numaranız nedir?" in text
    posted.receive(item("Numarayı şimdi buldum.", external=SECOND, thread=FIRST), account="brand")
    assert status(posted, one) == "in_progress"
    assert "applicant_replied" in history(posted, one)
