from dataclasses import replace

import pytest
from peers.world import World, mail
from sqlalchemy import select

from cases.aftercare import Aftercare
from cases.lookups.contract import LookupSettings, Misconfigured, NotAnswering, Record
from cases.lookups.service import System, questions
from storage import lookups
from storage import tables as t

TEXT = "Kasko poliçem 34 ABC 123 plakalı araç için. Poliçe no: 1234567890. Cep: 0555 000 12 34"


class Core:
    def __init__(self) -> None:
        self.answers: list = []
        self.asked: list = []

    def find(self, question):
        self.asked.append((question.key, question.value))
        answer = self.answers.pop(0) if self.answers else [Record("policy", "P1", {"ad": "Gizli"})]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def asked(world: World):
    core = Core()
    system = System("core", core, LookupSettings(kind="core", what="policy"))
    house = replace(world.tools.house, aftercare=Aftercare(systems=("core",)))
    world.tools = replace(world.tools, systems={"core": system}, house=house)
    for stage in world.stages.values():
        stage.tools = world.tools
    return core


def rows(world: World) -> list[dict]:
    with world.database.read() as connection:
        return lookups.of(connection, 1)


def told(world: World) -> list[dict]:
    with world.database.read() as connection:
        chosen = select(t.event.c.data).where(t.event.c.kind == "looked_up")
        return list(connection.execute(chosen).scalars())


def test_what_was_found_is_written_down_and_the_history_names_nobody(world: World, asked: Core):
    world.receive(mail(TEXT, key="1"))
    [row] = rows(world)
    assert row["state"] == "found"
    assert row["found"] == [{"what": "policy", "reference": "P1", "facts": {"ad": "Gizli"}}]
    assert ("plate", "34ABC123") in asked.asked
    [data] = told(world)
    assert (data["source"], data["found"]) == ("core", 1)
    assert "Gizli" not in str(data)
    assert "34ABC123" not in str(data)


def test_province_and_agent_that_a_system_knows_are_counted(world: World, asked: Core):
    asked.answers = [[Record("policy", "P1", {"il": "Ankara", "acente kodu": "A017"})]] * 3
    world.receive(mail(TEXT, key="1"))
    [data] = told(world)
    assert (data["province"], data["agent"]) == ("06", "A017")
    with world.database.read() as connection:
        fact = connection.execute(select(t.case_fact.c.province, t.case_fact.c.agent)).one()
    assert tuple(fact) == ("06", "A017")


def test_a_system_that_is_away_holds_up_nobody(world: World, asked: Core):
    asked.answers = [NotAnswering("away")] * 3
    [one] = world.receive(mail(TEXT, key="1"))
    assert one["number"]
    [row] = rows(world)
    assert (row["state"], row["detail"]) == ("pending", "away")
    with world.database.read() as connection:
        [waiting] = lookups.waiting(connection)
    assert (waiting["system"], waiting["waiting"]) == ("core", 1)
    for _ in range(3):
        world.later(minutes=1)
        world.drain()
    assert rows(world)[0]["state"] == "found"
    assert len(told(world)) == 1


@pytest.mark.parametrize("error", [Misconfigured("no rights", remedy="Grant."), RuntimeError("x")])
def test_a_defective_system_waits_for_an_operator(world: World, asked: Core, error):
    asked.answers = [error] * 2
    world.receive(mail(TEXT, key="1"))
    assert rows(world)[0]["state"] == "pending"
    world.later(minutes=5)
    world.drain()
    assert len(asked.asked) == 1
    with world.database.write() as connection:
        assert lookups.hasten(connection, "core", world.moment) == 1
    asked.answers = []
    world.drain()
    assert rows(world)[0]["state"] == "found"


def test_a_question_that_nobody_answers_is_closed_after_a_week(world: World, asked: Core):
    asked.answers = [NotAnswering("away")] * 3
    world.receive(mail(TEXT, key="1"))
    world.later(days=8)
    world.drain()
    assert rows(world)[0]["state"] == "failed"
    with world.database.write() as connection:
        lookups.ask(connection, [1], ["core"], by="staff:deneme", now=world.moment)
    asked.answers = [[]] * 10
    world.drain()
    assert [row["state"] for row in rows(world)] == ["nothing", "failed"]
    assert told(world)[0]["found"] == 0


def test_without_an_identifier_nobody_is_asked(world: World, asked: Core):
    world.receive(mail("Çağrı merkezine ulaşamıyorum. Cep: 0555 000 12 34", key="1"))
    assert rows(world)[0]["state"] == "no_key"
    assert asked.asked == []
    assert told(world) == []


def test_doubtful_identifiers_are_not_asked_about():
    settings = LookupSettings(kind="x", what="person")
    known = [
        {"tckn": [{"value": "10000000146", "certainty": 0.2}], "phone": []},
        {"phone": [{"value": "+905550001234", "certainty": 0.9}] * 2},
    ]
    assert [(q.key, q.value) for q in questions(settings, known)] == [("phone", "+905550001234")]
