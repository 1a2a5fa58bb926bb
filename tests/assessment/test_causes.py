from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peers.world import World, mail
from sqlalchemy import select, update

from cases.assessment.taxonomy import NoSuchEntry
from cases.causes import service
from cases.causes.effect import effect
from cases.causes.service import BadCause, Finding, NewImprovement
from storage import causes
from storage import tables as t

TEXT = "Hasar dosyam sonuçlanmadı, eksper gelmedi. Plaka 34 ABC 123. Cep: 0555 000 12 34"
OTHER = "Poliçemin iptalini ve primin iadesini talep ediyorum. Cep: 0555 000 99 34"
FOUND = Finding("surec", "oto-hasar", "yes", True, ["Dosya bekledi", " ", "Onay limiti düşük"])
PLAN = NewImprovement(
    "corrective", "Onay limiti", "oto-hasar", "staff:deneme", date(2026, 4, 1), cause="surec"
)


def told(world: World, kind: str) -> list[dict]:
    with world.database.read() as connection:
        chosen = select(t.event.c.data).where(t.event.c.kind == kind).order_by(t.event.c.id)
        return list(connection.execute(chosen).scalars())


def opened(world: World, plan: NewImprovement = PLAN) -> int:
    with world.database.write() as connection:
        return service.open_(connection, plan, by="staff:deneme", now=world.moment)


def step(world: World, act, *args) -> object:
    with world.database.write() as connection:
        return act(connection, *args, by="staff:deneme", now=world.moment)


def test_a_cause_is_written_down_and_changed(world: World):
    world.receive(mail(TEXT, key="1"))
    step(world, service.found, 1, FOUND)
    step(world, service.found, 1, Finding("sistem", "bilgi-teknolojileri", "partly"))
    with world.database.read() as connection:
        last, first = causes.findings(connection, 1)
        row = connection.execute(select(t.application)).first()
    assert first["whys"] == ["Dosya bekledi", "Onay limiti düşük"]
    assert (last["cause"], row.cause, row.justified) == ("sistem", "sistem", "partly")
    assert [data["cause"] for data in told(world, "cause_found")] == ["surec", "sistem"]
    assert "Dosya" not in str(told(world, "cause_found"))


@pytest.mark.parametrize(
    ("finding", "error"),
    [
        (Finding("yok", "oto-hasar", "yes"), NoSuchEntry),
        (Finding("surec", "", "yes"), BadCause),
        (Finding("surec", "oto-hasar", "maybe"), BadCause),  # type: ignore[arg-type]
        (Finding("surec", "oto-hasar", "yes", whys=["a"] * 6), BadCause),
    ],
)
def test_a_finding_that_makes_no_sense_is_refused(world: World, finding, error):
    world.receive(mail(TEXT, key="1"))
    with pytest.raises(error):
        step(world, service.found, 1, finding)


def test_an_action_names_the_applications_that_it_comes_from(world: World):
    world.receive(mail(TEXT, key="1"), mail(OTHER, key="2"))
    plan = NewImprovement(
        "preventive", "Metin", "oto-hasar", "staff:d", date(2026, 4, 1), topic="hasar", sources=[1]
    )
    action = opened(world, plan)
    step(world, service.link, action, [1, 2])
    with world.database.read() as connection:
        assert [row["id"] for row in causes.sources(connection, action)] == [1, 2]
        [listed] = causes.improvements(connection, states=["open"], application_id=2)
        assert causes.improvements(connection, department="hukuk") == []
    assert listed["sources"] == 2
    assert told(world, "action_linked") == [{"action": action}, {"action": action}]


def test_an_action_goes_its_way_and_each_step_is_kept(world: World):
    action = opened(world)
    step(world, service.postpone, action, date(2026, 5, 1), "kaynak yok")
    assert step(world, service.done, action, "limit 50.000 TL oldu") == date(2026, 6, 8)
    with pytest.raises(BadCause):
        step(world, service.done, action, "yine")
    world.later(days=90)
    step(world, service.verify, action, "ineffective")
    step(world, service.done, action, "limit 100.000 TL oldu")
    world.later(days=90)
    step(world, service.verify, action, "effective")
    with world.database.read() as connection:
        steps = causes.steps(connection, action)
    assert [one["what"] for one in steps] == [
        "opened",
        "postponed",
        "done",
        "ineffective",
        "done",
        "effective",
    ]
    assert [one["seq"] for one in steps] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("act", "arguments"),
    [
        (service.done, (" ",)),
        (service.drop, ("",)),
        (service.postpone, (date(2026, 5, 1), "")),
        (service.verify, ("effective",)),
        (service.verify, ("perhaps",)),
    ],
)
def test_a_step_needs_its_evidence(world: World, act, arguments):
    action = opened(world)
    with pytest.raises(BadCause):
        step(world, act, action, *arguments)


@pytest.mark.parametrize(
    "plan",
    [
        NewImprovement("other", "a", "b", "c", date(2026, 4, 1), cause="surec"),  # type: ignore[arg-type]
        NewImprovement("corrective", " ", "b", "c", date(2026, 4, 1), cause="surec"),
        NewImprovement("corrective", "a", "b", "c", date(2026, 4, 1)),
        NewImprovement("corrective", "a", "b", "c", date(2026, 3, 9), cause="surec"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(world: World, plan):
    with pytest.raises(BadCause):
        opened(world, plan)


def test_whether_it_helped_is_counted_from_applications(world: World):
    text = "Eksper gelmedi, dosya numaram {i}, plaka 34 AB {i}. Cep: 0555 000 {i} {j}"
    for i in range(6):
        world.receive(mail(text.format(i=1000 + i, j=20 + i), key=str(i)))
        world.later(days=10)
    with world.database.write() as connection:
        connection.execute(update(t.application).values(cause="surec"))
    action = opened(
        world, NewImprovement("corrective", "a", "b", "c", date(2026, 6, 1), cause="surec")
    )
    step(world, service.done, action, "yapıldı")
    world.later(days=60)
    with world.database.write() as connection:
        measured = service.measure(connection, action, now=world.moment)
    assert (measured.before, measured.after, measured.after_days) == (6, 0, 60)
    assert measured.verdict == "fell"  # 0.6 ** 6 is below one in twenty


def test_a_fall_that_chance_does_not_explain_is_one():
    assert effect(60, 90, 20, 90).verdict == "fell"
    assert effect(20, 90, 60, 90).verdict == "rose"
    assert effect(20, 90, 17, 90).verdict == "unchanged"
    assert effect(60, 90, 1, 10).verdict == "too_early"
    assert effect(3, 90, 0, 90).verdict == "too_early"
    assert effect(0, 90, 4, 90).change is None
    assert effect(40, 90, 20, 90).change == -0.5
    # 10 against 4 in equal times: P(X <= 4 | n = 14, 1/2) = 1471 / 16384
    assert effect(10, 90, 4, 90).chance == pytest.approx(1471 / 16384, abs=1e-6)
    assert effect(900, 90, 700, 90).verdict == "fell"


@given(st.integers(0, 400), st.integers(1, 120), st.integers(0, 400), st.integers(28, 120))
def test_a_chance_is_one(before: int, before_days: int, after: int, after_days: int):
    measured = effect(before, before_days, after, after_days)
    assert 0 <= measured.chance <= 1
    if measured.verdict == "fell":
        assert after / after_days < before / before_days


def test_days_without_applications_are_left_out(world: World):
    world.receive(mail(TEXT, key="1"))
    with world.database.write() as connection:
        connection.execute(update(t.application).values(topic="hasar/eksper"))
        day = date(2026, 3, 10)
        counted = [
            causes.received(connection, cause=None, topic=topic, first=first, last=day)
            for topic, first in (
                ("hasar", day),
                ("hasar/eksper", day - timedelta(days=5)),
                ("has", day),
                ("hasar", day + timedelta(days=1)),
            )
        ]
    assert counted == [[(day, 1)], [(day, 1)], [], []]
