"""Operations are told once when trouble begins, and once when it is over."""

import json
from email import message_from_bytes
from email.policy import default

import pytest
from peers.http_provider import HttpProvider, Says, Shape
from peers.world import World, mail
from pydantic import SecretStr

from cases.health import Around
from config.sections import Operations
from storage import channels, daemons
from workers.alerts import watch


@pytest.fixture
def told_world(database, tmp_path, now) -> World:
    return World(database, tmp_path, now, operations=Operations(mail_to=("ops@example.test",)))


def beat(world):
    with world.database.write() as connection:
        for role in ("poll", "work", "pages", "schedule", "serve"):
            daemons.beat(connection, role, role, started_at=world.moment, now=world.moment)


def round_(world, around=Around):
    beat(world)
    watch(world.tools, around)


def mails(world):
    files = sorted(world.tools.outgoing.glob("alert-*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=default) for file in files]


def broken():
    return Around(broker=False)


def test_nothing_is_told_while_all_is_well(told_world) -> None:
    round_(told_world)
    assert mails(told_world) == []


def test_trouble_is_told_once_and_its_end_once(told_world) -> None:
    round_(told_world, broken)
    assert mails(told_world) == []
    for _ in range(5):
        told_world.later(seconds=61)
        round_(told_world, broken)
    [begun] = mails(told_world)
    assert begun["To"] == "ops@example.test"
    assert begun["Subject"] == "Başvuru: SORUN: Redis yanıt vermiyor"
    assert "/staff/operations" in begun.get_content()
    for _ in range(3):
        told_world.later(seconds=61)
        round_(told_world)
    subjects = {one["Subject"] for one in mails(told_world)}
    assert subjects == {begun["Subject"], "Başvuru: düzeldi: Redis yanıt vermiyor"}


def test_trouble_that_is_over_at_once_is_never_told(told_world) -> None:
    round_(told_world, broken)
    told_world.later(seconds=30)
    round_(told_world)
    told_world.later(seconds=61)
    round_(told_world)
    assert mails(told_world) == []


def test_a_mail_that_could_not_be_delivered_is_sent_in_the_next_round(told_world) -> None:
    round_(told_world, broken)
    told_world.later(seconds=61)
    told_world.tools.outgoing.write_text("no folder")
    round_(told_world, broken)
    told_world.tools.outgoing.unlink()
    told_world.later(seconds=30)
    round_(told_world, broken)
    assert len(mails(told_world)) == 1


def test_nothing_personal_is_told(told_world) -> None:
    told_world.receive(mail("Hasar dosyam. Cep: 0555 000 12 34", key="1"))
    with told_world.database.write() as connection:
        channels.park(
            connection,
            "mail",
            until=told_world.moment,
            reason="refused",
            remedy="",
            now=told_world.moment,
        )
    round_(told_world, broken)
    told_world.later(seconds=61)
    round_(told_world, broken)
    [one] = mails(told_world)
    assert "0555" not in one.get_content()
    assert "deneme.kisi" not in one.get_content()


def test_a_webhook_gets_the_same_as_json_and_again_when_it_was_away(
    database, tmp_path, now
) -> None:
    shape = Shape(lambda asked: None, lambda asked: Says(200), Says(503), Says(401))
    with HttpProvider(shape) as hook:
        told = Operations(webhook=SecretStr(f"{hook.url}/alerts"))
        world = World(database, tmp_path, now, operations=told)
        round_(world, broken)
        world.later(seconds=61)
        hook.script(Says(503))
        round_(world, broken)
        world.later(seconds=30)
        round_(world, broken)
        world.later(seconds=30)
        round_(world, broken)
    bodies = [json.loads(asked.body) for asked in hook.asked]
    assert [[one["key"] for one in body["begun"]] for body in bodies] == [["broker:"], ["broker:"]]
