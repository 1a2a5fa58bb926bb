from datetime import date, timedelta

import pytest
from assessment_year import a_year
from peers.world import World, mail
from sqlalchemy import select, update

from cases.assessment.taxonomy import NoSuchEntry
from cases.deadlines import service as deadlines
from cases.routing import service as routing
from cases.routing.service import CannotRoute
from cases.rules import book
from cases.rules.condition import BadCondition
from storage import facts, rules
from storage import routing as rows
from storage import tables as t

TEXT = "Hasar dosyam sonuçlanmadı, eksper gelmedi. Plaka 34 ABC 123. Cep: 0555 000 12 34"
UNIT = "musteri-hizmetleri"


def where(world: World) -> tuple[str | None, str | None]:
    with world.database.read() as connection:
        row = connection.execute(
            select(t.application.c.department, t.application.c.assignee)
        ).first()
    return row.department, row.assignee


def told(world: World, *kinds: str) -> list[dict]:
    with world.database.read() as connection:
        chosen = select(t.event.c.data).where(t.event.c.kind.in_(kinds)).order_by(t.event.c.seq)
        return list(connection.execute(chosen).scalars())


def by_hand(world: World, department: str, reason: str = "responsible") -> None:
    with world.database.write() as connection:
        routing.route(connection, 1, department, reason=reason, by="staff:deneme", now=world.moment)


def rule(world: World, condition: str, department: str, *, on: bool = True) -> None:
    with world.database.write() as connection:
        draft = book.Draft("route", "deneme", condition, {"department": department}, 1)
        book.put(connection, draft, by="deneme", now=world.moment)
        if on:
            book.switch(connection, "route", "deneme", True, by="deneme", now=world.moment)


def test_what_no_rule_knows_goes_to_the_complaint_unit(world: World):
    world.receive(mail(TEXT, key="1"))
    assert where(world) == (UNIT, None)
    assert told(world, "routed") == [
        {"department": UNIT, "from": None, "reason": "default", "rule": None}
    ]


def test_a_rule_that_is_on_routes(world: World):
    rule(world, "text: eksper and found: plate", "oto-hasar")
    world.receive(mail(TEXT, key="1"))
    assert where(world) == ("oto-hasar", None)
    [data] = told(world, "routed")
    assert (data["rule"], data["reason"]) == ("deneme", "rule")


def test_a_rule_that_is_off_does_nothing(world: World):
    rule(world, "always", "oto-hasar", on=False)
    world.receive(mail(TEXT, key="1"))
    assert where(world) == (UNIT, None)


def test_what_a_person_decided_stays(world: World):
    world.receive(mail(TEXT, key="1"))
    by_hand(world, "hukuk")
    rule(world, "always", "oto-hasar")
    with world.database.write() as connection:
        [row] = facts.of(connection, [1])
        assert not routing.by_rules(connection, [row], unit=UNIT, now=world.moment)
    assert where(world) == ("hukuk", None)


def test_transfers_are_counted_from_the_history(world: World):
    world.receive(mail(TEXT, key="1"))
    by_hand(world, "hukuk")
    by_hand(world, "oto-hasar", "wrong_department")
    with world.database.read() as connection:
        assert rows.transfers(connection, [1]) == {1: 2}


def test_handing_over_takes_it_from_the_colleague(world: World):
    world.receive(mail(TEXT, key="1"))
    with world.database.write() as connection:
        routing.assign(connection, 1, "ayse", by="staff:deneme", now=world.moment)
    assert where(world) == (UNIT, "ayse")
    by_hand(world, "hukuk")
    assert where(world) == ("hukuk", None)


@pytest.mark.parametrize(
    ("department", "reason"), [("", "responsible"), (UNIT, "responsible"), ("hukuk", "mood")]
)
def test_a_route_that_makes_no_sense_is_refused(world: World, department: str, reason: str):
    world.receive(mail(TEXT, key="1"))
    with pytest.raises(CannotRoute):
        by_hand(world, department, reason)
    assert len(told(world, "routed")) == 1


def test_what_is_closed_stays_where_it_is(world: World):
    world.receive(mail(TEXT, key="1"))
    with world.database.write() as connection:
        connection.execute(update(t.application).values(status="closed"))
    with pytest.raises(CannotRoute):
        by_hand(world, "hukuk")


def test_who_is_complained_about_cannot_decide(world: World):
    world.receive(mail(TEXT, key="1"))
    with world.database.write() as connection:
        routing.assign(connection, 1, "ali", by="staff:deneme", now=world.moment)
        routing.bar(connection, 1, "ali", "şikâyet edilen", by="staff:deneme", now=world.moment)
        assert not routing.may_decide(connection, 1, "ali")
        assert routing.may_decide(connection, 1, "ayse")
        with pytest.raises(CannotRoute):
            routing.assign(connection, 1, "ali", by="staff:deneme", now=world.moment)
    assert where(world) == (UNIT, None)
    assert told(world, "assigned")[-1] == {"to": None, "from": "ali"}


def test_absence_and_load_decide_who_is_offered(world: World):
    world.receive(mail(TEXT, key="1"), mail("Poliçemin iptalini isterim. 0555 000 99 34", key="2"))
    today = date(2026, 3, 10)
    with world.database.write() as connection:
        routing.assign(connection, 2, "ayse", by="staff:d", now=world.moment)
        for login, deputy in (("can", "deniz"), ("ece", "can"), ("fatma", None)):
            routing.away(
                connection, login, today, today, deputy=deputy, by="staff:d", now=world.moment
            )
        routing.bar(connection, 1, "gizem", "akraba", by="staff:d", now=world.moment)
        offered = routing.candidates(
            connection, 1, ["ayse", "can", "ece", "fatma", "gizem", "berk"], today=today
        )
        with pytest.raises(CannotRoute):
            routing.assign(connection, 1, "can", by="staff:d", now=world.moment)
        back = routing.candidates(connection, 1, ["can"], today=today + timedelta(days=1))
    assert [(one.login, one.load) for one in offered] == [("berk", 0), ("deniz", 0), ("ayse", 1)]
    assert [one.login for one in back] == ["can"]


def test_deputies_in_a_circle_are_nobody(world: World):
    world.receive(mail(TEXT, key="1"))
    day = date(2026, 3, 10)
    with world.database.write() as connection:
        for login, deputy in (("can", "ece"), ("ece", "can")):
            routing.away(connection, login, day, day, deputy=deputy, by="d", now=world.moment)
        assert routing.candidates(connection, 1, ["can"], today=day) == []
        with pytest.raises(CannotRoute):
            routing.away(connection, "x", day, day, deputy="x", by="d", now=world.moment)


def test_a_department_is_asked_without_having_it(world: World):
    world.receive(mail(TEXT, key="1"))
    with world.database.write() as connection:
        days = deadlines.law(connection, half_day_counts=True).calendar
        asked = routing.consult(
            connection,
            1,
            "hukuk",
            "Zamanaşımı doldu mu?",
            calendar=days,
            by="staff:deneme",
            now=world.moment,
        )
        [waiting] = rows.consultations(connection, department="hukuk")
        assert (waiting["id"], waiting["due_at"].date()) == (asked, date(2026, 3, 12))
        routing.answer_consultation(
            connection, asked, "Hayır.", by="staff:avukat", now=world.moment
        )
        assert rows.consultations(connection, department="hukuk") == []
        [answered] = rows.consultations(connection, application_id=1)
        assert answered["answer"] == "Hayır."
        with pytest.raises(CannotRoute):
            routing.answer_consultation(connection, asked, "x", by="d", now=world.moment)
        with pytest.raises(CannotRoute):
            routing.consult(connection, 1, UNIT, "?", calendar=days, by="staff:d", now=world.moment)
    assert where(world) == (UNIT, None)
    assert told(world, "consulted", "consultation_answered") == [
        {"department": "hukuk", "consultation": asked},
        {"department": "hukuk", "consultation": asked},
    ]


def test_every_version_of_a_rule_is_kept(world: World):
    rule(world, "text: eksper", "oto-hasar")
    world.later(days=1)
    rule(world, "text: servis", "tedarik-agi", on=False)
    with world.database.read() as connection:
        found = rules.history(connection, "route", "deneme")
        current = rules.rule(connection, "route", "deneme")
    assert [(one.condition, one.is_on) for one in found] == [
        ("text: servis", False),
        ("text: eksper", True),
        ("text: eksper", False),
    ]
    assert current is not None
    assert not current.is_on
    with world.database.write() as connection:
        book.remove(connection, "route", "deneme", now=world.moment)
        with pytest.raises(book.BadRule):
            book.remove(connection, "route", "deneme", now=world.moment)


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (book.Draft("route", "Ad", "always", {"department": "hukuk"}), book.BadRule),
        (book.Draft("route", "ad", "sometimes", {"department": "hukuk"}), BadCondition),
        (book.Draft("route", "ad", "always", {"topic": "hasar"}), book.BadRule),
        (book.Draft("route", "ad", "always", {}), book.BadRule),
        (book.Draft("suggest", "ad", "always", {"topic": "yok"}), NoSuchEntry),
        (book.Draft("suggest", "ad", "always", {"type": "yok"}), book.BadRule),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(world: World, draft, error):
    with pytest.raises(error), world.database.write() as connection:
        book.put(connection, draft, by="deneme", now=world.moment)


def test_a_rule_is_tried_on_the_past_before_it_is_switched_on(world: World):
    a_year(world, 300)
    draft = book.Draft("route", "deneme", "text: kasko", {"department": "oto-hasar"}, 1)
    with world.database.read() as connection:
        row = book.as_row(connection, draft, by="deneme", now=world.moment)
        tried = book.compiled(book.with_trial(rules.rules(connection, "route"), [row]))
        trial = book.try_out(
            connection,
            "department",
            tried,
            start=world.moment - timedelta(days=366),
            end=world.moment,
        )
    assert trial.seen == 300
    assert trial.matched["deneme"] == 100
    assert trial.moved["musteri-hizmetleri", "oto-hasar"] == 100
    assert len(trial.examples["deneme"]) == book.EXAMPLES
    with world.database.read() as connection:
        assert rules.rule(connection, "route", "deneme") is None
