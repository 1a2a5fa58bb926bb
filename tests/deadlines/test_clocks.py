from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from peers.world import World, mail
from sqlalchemy import select, update

from cases.deadlines import desk, service, watch
from cases.deadlines.rules import Rule
from cases.rules.condition import BadCondition
from config.clock import ISTANBUL, local
from storage import calendar, deadlines, facts, shipped
from storage import tables as t
from storage.schema import upgrade
from workers import watching

TEXT = "Hasar dosyam sonuçlanmadı, bilgi verilmesini rica ederim. Cep: 0555 000 12 34"


def due(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T23:59:59").replace(tzinfo=ISTANBUL)


def history(world: World, *kinds: str) -> list[tuple[str, dict]]:
    with world.database.read() as connection:
        rows = connection.execute(select(t.event).order_by(t.event.c.seq)).all()
    return [(row.kind, row.data) for row in rows if row.kind in kinds]


def clocks(world: World) -> dict[str, deadlines.Clock]:
    with world.database.read() as connection:
        return {one.clock: one for one in deadlines.clocks(connection, [1])}


def law(world: World, connection) -> service.Law:
    return service.law(connection, half_day_counts=True)


def retype(world: World, **values) -> None:
    """As an assessment does it: new facts, then the clocks again."""
    with world.database.write() as connection:
        connection.execute(update(t.application).values(**values))
        [row] = facts.of(connection, [1])
        service.set_again(
            connection, row, law=law(world, connection), by="deneme", now=world.moment
        )


def test_recording_starts_the_clocks(world: World):
    [one] = world.receive(mail(TEXT, key="1"))
    assert one["legal_due_at"] == due("2026-04-01")
    assert one["sla_due_at"] == due("2026-03-17")
    assert set(clocks(world)) == {"legal", "internal", "assessment"}
    [(_, told)] = history(world, "deadlines_set")
    assert told["rule"]["legal"] == "insurer-15"
    assert told["legal_due_at"].startswith("2026-04-01T23:59:59")


def test_a_letter_counts_from_its_delivery(world: World):
    world.receive(mail(TEXT, key="1"))
    with world.database.read() as connection:
        [row] = facts.of(connection, [1])
    letter = replace(row, delivered_on=date(2026, 3, 2))
    assert local(service.starts(letter)["received"]).date() == date(2026, 3, 2)
    wrong = replace(row, delivered_on=date(2027, 3, 2))
    assert service.starts(wrong)["received"] == row.received_at


def test_the_type_decides_which_law_holds(world: World):
    world.receive(mail(TEXT, key="1"))
    retype(world, type="data_protection")
    assert clocks(world)["legal"].rule == "kvkk-30"
    assert world.applications()[0]["legal_due_at"] == due("2026-04-09")
    retype(world, type="thanks")
    assert "legal" not in clocks(world)
    assert world.applications()[0]["legal_due_at"] is None
    assert world.applications()[0]["sla_due_at"] is None


def test_of_two_laws_the_shorter_one_counts(world: World):
    world.receive(mail(TEXT, key="1"))
    retype(world, type="complaint", branch="trafik")
    assert clocks(world)["legal"].rule == "traffic-15"
    assert world.applications()[0]["legal_due_at"] == due("2026-03-25")


def test_what_changes_nothing_leaves_no_trace(world: World):
    world.receive(mail(TEXT, key="1"))
    retype(world, type="complaint")
    assert len(history(world, "deadlines_set")) == 1


def test_only_the_internal_clock_pauses(world: World):
    world.receive(mail(TEXT, key="1"))
    with world.database.write() as connection:
        service.pause(connection, 1, "waiting_applicant", by="deneme", now=world.moment)
    with pytest.raises(service.CannotPause), world.database.write() as connection:
        service.pause(connection, 1, "waiting_applicant", by="deneme", now=world.moment)
    world.later(days=6)
    with world.database.write() as connection:
        days = law(world, connection).calendar
        end = service.resume(connection, 1, calendar=days, by="deneme", now=world.moment)
    assert end == due("2026-03-24")  # four working days; the feast is 20 to 22 March
    [one] = world.applications()
    assert (one["legal_due_at"], one["sla_due_at"]) == (due("2026-04-01"), end)
    assert history(world, "clock_paused", "clock_resumed") == [
        ("clock_paused", {"reason": "waiting_applicant"}),
        ("clock_resumed", {"reason": "waiting_applicant", "days": 4}),
    ]


def test_a_pause_that_was_granted_survives_a_new_type(world: World):
    test_only_the_internal_clock_pauses(world)
    retype(world, type="data_protection")
    assert clocks(world)["internal"].due_at == due("2026-03-24")


@pytest.mark.parametrize("reason", ["", "holiday"])
def test_a_pause_needs_a_known_reason(world: World, reason: str):
    world.receive(mail(TEXT, key="1"))
    with pytest.raises(service.CannotPause), world.database.write() as connection:
        service.pause(connection, 1, reason, by="deneme", now=world.moment)


def test_warnings_go_up_the_line(world: World):
    world.receive(mail(TEXT, key="1"))
    with world.database.write() as connection:
        connection.execute(update(t.application).values(department="oto-hasar"))
    assert watching.warn(world.tools) == 0
    for at in ("2026-03-23T12:00", "2026-03-28T00:00", "2026-04-02T00:00"):
        world.moment = datetime.fromisoformat(at).replace(tzinfo=ISTANBUL)
        watching.warn(world.tools)
        assert watching.warn(world.tools) == 0
    told = [d for _, d in history(world, "warned", "escalated") if d["clock"] == "legal"]
    assert [(one["share"], one["to"]) for one in told] == [
        (50, "oto-hasar"),
        (80, "oto-hasar"),
        (80, "musteri-hizmetleri"),
        (100, "oto-hasar"),
        (100, "musteri-hizmetleri"),
        (100, "uyum"),
    ]
    with world.database.read() as connection:
        assert {one["share"] for one in deadlines.notices(connection, "uyum")} == {100}


def test_what_was_missed_is_warned_of_once(world: World):
    world.receive(mail(TEXT, key="1"))
    world.later(days=60)
    assert watching.warn(world.tools) == 3
    assert {d["share"] for _, d in history(world, "warned")} == {100}


@pytest.mark.parametrize("status", ["answered", "closed"])
def test_what_is_answered_warns_nobody(world: World, status: str):
    world.receive(mail(TEXT, key="1"))
    with world.database.write() as connection:
        connection.execute(update(t.application).values(status=status))
    world.later(days=60)
    assert watching.warn(world.tools) == 0
    assert clocks(world)["legal"].stopped_at == world.moment


def test_a_paused_clock_warns_nobody(world: World):
    world.receive(mail(TEXT, key="1"))
    with world.database.write() as connection:
        service.pause(connection, 1, "waiting_applicant", by="deneme", now=world.moment)
    world.later(days=60)
    watching.warn(world.tools)
    assert {d["clock"] for _, d in history(world, "warned")} == {"legal", "assessment"}


def test_a_reopened_application_has_a_new_internal_clock(world: World):
    world.receive(mail(TEXT, key="1"))
    with world.database.write() as connection:
        service.stop(connection, 1, now=world.moment)
    world.later(days=30)
    with world.database.write() as connection:
        service.restart(connection, 1, law=law(world, connection), by="deneme", now=world.moment)
    assert clocks(world)["internal"].due_at == due("2026-04-16")
    assert clocks(world)["internal"].stopped_at is None
    assert world.applications()[0]["legal_due_at"] == due("2026-04-01")
    retype(world, type="data_protection")
    assert clocks(world)["internal"].due_at == due("2026-04-16")


def test_departments_are_told_by_mail(database, tmp_path, now):
    world = World(
        database, tmp_path, now, deadlines={"mail_to": {"musteri-hizmetleri": "mh@example.test"}}
    )
    world.receive(mail(TEXT, key="1"))
    world.later(days=60)
    watching.warn(world.tools)
    watching.mail(world.tools)
    watching.mail(world.tools)
    sent = [f.read_text() for f in world.tools.outgoing.glob("warn-*.eml")]
    assert len(sent) == 1
    assert "To: mh@example.test" in sent[0]
    assert "0555" not in sent[0]


def test_the_day_list_is_by_urgency(world: World):
    world.receive(mail(TEXT, key="1"))
    world.moment = datetime(2026, 3, 17, 9, tzinfo=ISTANBUL)
    with world.database.read() as connection:
        days = law(world, connection).calendar
        found = watch.day_list(connection, None, calendar=days, now=world.moment)
        other = watch.day_list(connection, "uyum", calendar=days, now=world.moment)
    assert [row["clock"] for row in found.overdue] == ["assessment"]
    assert [row["clock"] for row in found.today] == ["internal"]
    assert found.next_days == []
    assert other == watch.DayList([], [], [])


def test_an_administrator_amends_the_calendar_and_the_rules(world: World):
    with world.database.write() as connection:
        desk.change_day(
            connection, date(2026, 3, 11), "full", "İdari izin", by="deneme", now=world.moment
        )
        rule = Rule("answer-5", "internal", "always", 3, "working_days", "recorded", "karar")
        desk.change_rule(connection, rule, by="deneme", note="daha hızlı", now=world.moment)
    [one] = world.receive(mail(TEXT, key="1"))
    assert one["sla_due_at"] == due("2026-03-16")
    upgrade(world.database)  # a later upgrade of the product changes nothing of it
    with world.database.read() as connection:
        [changed] = calendar.days(connection, date(2026, 3, 11), date(2026, 3, 11))
        assert (changed.by, changed.source) == ("deneme", "hand")
        [rule_row] = [r for r in deadlines.rules(connection) if r["name"] == "answer-5"]
        assert rule_row["length"] == 3
        assert len(calendar.days(connection)) > 300


def test_nonsense_is_refused(world: World):
    rule = Rule("x", "legal", "always", 15, "working_days", "received", "law")
    refused = [
        (replace(rule, length=0), desk.NotAllowed),
        (replace(rule, unit="weeks"), desk.NotAllowed),
        (replace(rule, clock="sun"), desk.NotAllowed),
        (replace(rule, source=" "), desk.NotAllowed),
        (replace(rule, condition="colour: red"), BadCondition),
    ]
    for one, error in refused:
        with pytest.raises(error), world.database.write() as connection:
            desk.change_rule(connection, one, by="deneme", note="", now=world.moment)
    with pytest.raises(desk.NotAllowed), world.database.write() as connection:
        desk.change_day(connection, date(2026, 1, 2), "long", "x", by="d", now=world.moment)


def test_the_calendar_ends_with_the_years_that_are_announced(world: World):
    with world.database.write() as connection:
        assert calendar.last_year(connection) == 2032
        with pytest.raises(desk.NotAllowed):
            desk.complete_year(connection, 2034, by="deneme", now=world.moment)
        with pytest.raises(desk.NotAllowed):
            desk.complete_year(connection, 2033, by="deneme", now=world.moment)
        desk.change_day(
            connection, date(2033, 1, 1), "full", "Yılbaşı", by="deneme", now=world.moment
        )
        desk.complete_year(connection, 2033, by="deneme", now=world.moment)
        assert calendar.last_year(connection) == 2033
    assert watch.months_left(2032, date(2031, 12, 31)) == 12
    assert watch.months_left(2032, date(2032, 1, 1)) == 11
    assert shipped.SHIPPED == "shipped"


def test_rules_hold_only_while_they_are_valid(world: World):
    old = Rule("old", "legal", "always", 2, "days", "received", "law", valid_to=date(2026, 1, 1))
    with world.database.write() as connection:
        desk.change_rule(connection, old, by="deneme", note="", now=world.moment)
    [one] = world.receive(mail(TEXT, key="1"))
    assert one["legal_due_at"] == due("2026-04-01")
    with world.database.write() as connection:
        desk.end_rule(connection, "insurer-15", now=world.moment + timedelta(days=1))
    [_, two] = world.receive(mail("Poliçemin iptalini isterim. Cep: 0555 000 99 34", key="2"))
    assert two["legal_due_at"] is None
