"""Province and intermediary: what a person says of them, beside what systems say."""

from dataclasses import replace
from datetime import date

import pytest
from peers.world import World, mail
from sqlalchemy import select

from cases.assessment.assess import BadAssessment, Judgement, assess
from cases.deadlines import service as deadlines
from cases.provinces import in_order
from cases.reports import building
from storage import events
from storage import tables as t
from storage.events import Event
from storage.reporting import facts
from storage.reporting.counting import Slice

SAID = Judgement("complaint", "trafik", "hasar/deger-kaybi")


@pytest.fixture
def one(world: World) -> World:
    world.receive(mail("Ödeme yapılmadı, mağdur oldum.", key="1"))
    return world


def judge(world: World, **said: str | None) -> None:
    with world.database.write() as connection:
        law = deadlines.law(connection, half_day_counts=True)
        told = replace(SAID, **said)
        assess(connection, 1, told, law=law, unit="x", by="staff:deneme", now=world.moment)


def look_up(world: World, **found: str) -> None:
    with world.database.write() as connection:
        events.append(connection, [Event(1, "looked_up", "system", found)], world.moment)


def counted(world: World) -> tuple[str | None, str | None]:
    """What is counted, which is also what the history gives when it is counted anew."""
    with world.database.write() as connection:
        assert facts.differences(connection) == []
        c = t.case_fact.c
        before = connection.execute(select(c.province, c.agent)).one()
        facts.rebuild(connection)
        assert connection.execute(select(c.province, c.agent)).one() == before
        assert facts.differences(connection) == []
    return before.province, before.agent


def last_said(world: World) -> dict:
    with world.database.read() as connection:
        chosen = select(t.event.c.data).where(t.event.c.kind == "assessed")
        return list(connection.execute(chosen.order_by(t.event.c.seq)).scalars())[-1]


def test_a_person_says_both_and_a_later_look_up_changes_neither(one: World):
    judge(one, province="06", agent="A017")
    look_up(one, province="34", agent="B2")
    assert counted(one) == ("06", "A017")
    judge(one, province="63", agent="A018")
    assert counted(one) == ("63", "A018")


def test_what_nobody_said_is_told_by_systems(one: World):
    judge(one, province="06")
    assert "agent" not in last_said(one)
    look_up(one, province="34", agent="B2")
    assert counted(one) == ("06", "B2")
    judge(one)
    assert "province" not in last_said(one)
    assert counted(one) == ("06", "B2")


def test_an_emptied_field_clears_what_was_known_and_stays_empty(one: World):
    look_up(one, province="34", agent="B2")
    judge(one, province="", agent="B2")
    assert last_said(one)["province"] is None
    assert counted(one) == (None, "B2")
    look_up(one, province="34")
    judge(one)
    assert counted(one) == (None, "B2")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("province", "82"),
        ("province", "6"),
        ("province", "Ankara"),
        ("agent", "Deneme Sigorta"),
        ("agent", "Deneme"),
        ("agent", "A" * 20 + "1"),
    ],
)
def test_a_name_never_goes_into_the_history(one: World, field: str, value: str):
    with pytest.raises(BadAssessment) as caught:
        judge(one, **{field: value})
    assert caught.value.field == field
    assert value not in str(caught.value)
    assert counted(one) == (None, None)


def test_the_table_of_intermediaries_follows(one: World):
    judge(one, province="06", agent="A017")
    with one.database.read() as connection:
        day = connection.execute(select(t.case_fact.c.recorded_day)).scalar_one()
        part = Slice(date(day.year, 1, 1), date(day.year, 12, 31))
        assert "A017" in str(building.table(connection, "agent", part, None))
        assert "06" in str(building.table(connection, "province", part, None))
        assert facts.known_agents(connection) == ["A017"]
    judge(one, agent="")
    with one.database.read() as connection:
        assert "A017" not in str(building.table(connection, "agent", part, None))
        assert facts.known_agents(connection) == []


def test_provinces_stand_in_the_order_of_the_turkish_alphabet():
    names = [name for _, name in in_order()]
    assert len(names) == 81
    assert names.index("Bursa") < names.index("Çanakkale")
    assert names.index("Çorum") < names.index("Denizli")
    assert names.index("Iğdır") < names.index("Isparta") < names.index("İstanbul")
    assert ("34", "İstanbul") in in_order()
