from dataclasses import replace
from datetime import timedelta

import pytest
from peers.world import World, mail
from sqlalchemy import select

from cases.assessment.assess import BadAssessment, Judgement, assess
from cases.assessment.priority import Criteria, derived
from cases.assessment.suggest import Guess, in_words
from cases.assessment.taxonomy import NewEntry, NoSuchEntry, put, retire
from cases.deadlines import service as deadlines
from storage import assessing, taxonomy
from storage import tables as t

TEXT = (
    "Aracımdaki değer kaybı için trafik poliçesinden ödeme yapılmadı, mağdur oldum. "
    "Plaka 34 ABC 123. Cep: 0555 000 12 34"
)
COMPLAINT = Judgement("complaint", "trafik", "hasar/deger-kaybi")


def judge(world: World, judgement: Judgement = COMPLAINT, by: str = "staff:deneme"):
    with world.database.write() as connection:
        law = deadlines.law(connection, half_day_counts=True)
        return assess(
            connection,
            1,
            judgement,
            law=law,
            unit="musteri-hizmetleri",
            by=by,
            now=world.moment,
        )


def events(world: World) -> list[str]:
    with world.database.read() as connection:
        return list(connection.execute(select(t.event.c.kind).order_by(t.event.c.id)).scalars())


def hints(world: World) -> dict[tuple[str, str], str]:
    with world.database.read() as connection:
        return {(h["source"], h["field"]): h["value"] for h in assessing.hints(connection, 1)}


@pytest.mark.parametrize(
    ("type_", "criteria", "days", "priority"),
    [
        ("complaint", Criteria(), 15, 3),
        ("complaint", Criteria(safety=True), 15, 1),
        ("thanks", Criteria(), None, 4),
        ("thanks", Criteria(marks=frozenset({"data_breach"})), None, 1),
        ("suggestion", Criteria(), None, 4),
        ("complaint", Criteria(marks=frozenset({"authority"})), 15, 1),
        ("complaint", Criteria(marks=frozenset({"repeated"})), 15, 2),
        ("complaint", Criteria(immediate=True), 15, 2),
        ("complaint", Criteria(severity=3, impact=2), 15, 2),
        ("complaint", Criteria(severity=3, impact=1), 15, 3),
        ("complaint", Criteria(), 5, 2),
        ("complaint", Criteria(), 6, 3),
        ("request", Criteria(), -2, 2),
    ],
)
def test_the_priority_follows_from_the_table(type_, criteria, days, priority):
    assert derived(type_, criteria, days) == priority


def test_rules_suggest_and_say_why(world: World):
    world.receive(mail(TEXT, key="1"))
    assert hints(world) == {
        ("rule", "type"): "complaint",
        ("rule", "branch"): "trafik",
        ("rule", "topic"): "hasar/deger-kaybi",
    }
    with world.database.read() as connection:
        [topic] = [h for h in assessing.hints(connection, 1) if h["field"] == "topic"]
    assert in_words(topic["why"]) == "kural “topic-value”: değer kaybı"
    assert in_words(topic["why"], "en") == "rule “topic-value”: değer kaybı"


def test_what_was_chosen_stands_beside_what_was_suggested(world: World):
    world.receive(mail(TEXT, key="1"))
    judge(world, replace(COMPLAINT, branch="kasko"))
    with world.database.read() as connection:
        rates = assessing.hit_rates(connection, world.moment, world.moment + timedelta(days=1))
    assert {r["field"]: (r["hits"], r["answered"]) for r in rates} == {
        "type": (1, 1),
        "branch": (0, 1),
        "topic": (1, 1),
    }


def test_only_the_first_choice_counts_for_the_hit_rate(world: World):
    world.receive(mail(TEXT, key="1"))
    judge(world, replace(COMPLAINT, branch="kasko"))
    judge(world)
    with world.database.read() as connection:
        [branch] = [h for h in assessing.hints(connection, 1) if h["field"] == "branch"]
    assert (branch["value"], branch["chosen"]) == ("trafik", "kasko")


def test_an_assessment_is_one_step(world: World):
    world.receive(mail(TEXT, key="1"))
    done = judge(world)
    assert (done.priority, done.derived) == (3, 3)
    [one] = world.applications()
    assert (one["type"], one["status"]) == ("complaint", "assessed")
    assert one["legal_due_at"] == done.legal_due_at
    assert events(world)[-2:] == ["assessed", "deadlines_set"]
    with world.database.read() as connection:
        clocks = {c.clock: c for c in deadlines.deadlines.clocks(connection, [1])}
        [row] = assessing.history(connection, 1)
        [data] = connection.execute(
            select(t.event.c.data).where(t.event.c.kind == "assessed")
        ).scalars()
    assert clocks["assessment"].stopped_at == world.moment
    assert clocks["legal"].rule == "traffic-15"
    assert (row["by"], row["topic"]) == ("staff:deneme", "hasar/deger-kaybi")
    assert data["suggestion"] == {"rule": {"type": True, "branch": True, "topic": True}}


def test_a_type_is_never_changed_without_a_reason(world: World):
    world.receive(mail(TEXT, key="1"))
    judge(world)
    with pytest.raises(BadAssessment) as caught:
        judge(world, Judgement("request"))
    assert caught.value.field == "reason"
    judge(world, Judgement("request", reason="Şikâyet değil, talep"))
    with world.database.read() as connection:
        assert [a["type"] for a in assessing.history(connection, 1)] == ["request", "complaint"]


def test_reasons_stay_out_of_the_history(world: World):
    world.receive(mail(TEXT, key="1"))
    judge(world, replace(COMPLAINT, priority=1, reason="Deneme Kişi arandı"))
    with world.database.read() as connection:
        for data in connection.execute(select(t.event.c.data)).scalars():
            assert "Deneme" not in str(data)


@pytest.mark.parametrize(
    ("judgement", "field"),
    [
        (Judgement("anger"), "type"),
        (replace(COMPLAINT, priority=1), "reason"),
        (replace(COMPLAINT, second_topic="hasar/deger-kaybi"), "second_topic"),
        (replace(COMPLAINT, criteria=Criteria(severity=9)), "severity"),
        (replace(COMPLAINT, criteria=Criteria(marks=frozenset({"x"}))), "marks"),
        (replace(COMPLAINT, priority=7), "priority"),
    ],
)
def test_nonsense_changes_nothing(world: World, judgement: Judgement, field: str):
    world.receive(mail(TEXT, key="1"))
    before = events(world)
    with pytest.raises(BadAssessment) as caught:
        judge(world, judgement)
    assert caught.value.field == field
    assert events(world) == before


def test_only_what_is_in_the_taxonomy_can_be_chosen(world: World):
    world.receive(mail(TEXT, key="1"))
    with pytest.raises(NoSuchEntry):
        judge(world, replace(COMPLAINT, topic="hasar/yok"))
    with world.database.write() as connection:
        retire(connection, "topic", "hasar", now=world.moment)
    with pytest.raises(NoSuchEntry):
        judge(world)


def test_a_retired_code_keeps_its_name_and_its_past(world: World):
    before = world.moment
    world.later(days=1)
    with world.database.write() as connection:
        new = NewEntry("topic", "satis/broker", "Broker kanalı", "Broker channel")
        put(connection, new, by="deneme", now=world.moment)
        retire(connection, "topic", "satis/acente", now=world.moment)
    with world.database.read() as connection:
        now = {e.code: e.name_tr for e in taxonomy.entries(connection, "topic")}
        then = {e.code: e.name_tr for e in taxonomy.entries(connection, "topic", before)}
        agent = taxonomy.entry(connection, "topic", "satis/acente")
    assert (now["satis/broker"], then["satis/broker"]) == ("Broker kanalı", "Broker")
    assert "satis/acente" not in now
    assert "satis/acente" in then
    assert agent is not None
    assert agent.name_tr == "Acente"


@pytest.mark.parametrize(
    "entry",
    [
        NewEntry("topic", "Büyük", "a", "b"),
        NewEntry("topic", "yok/alt", "a", "b"),
        NewEntry("branch", "kasko/alt", "a", "b"),
        NewEntry("colour", "red", "a", "b"),
        NewEntry("topic", "yeni", " ", "b"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(world: World, entry: NewEntry):
    with pytest.raises(NoSuchEntry), world.database.write() as connection:
        put(connection, entry, by="deneme", now=world.moment)


class Fortune:
    def guess(self, folded: str) -> list[Guess]:
        if "patla" in folded:
            raise RuntimeError("no")
        return [Guess("topic", "hasar/pert", 0.912, ("kayb", "deger"))]


def test_a_classifier_is_one_more_voice(world: World):
    world.tools = replace(world.tools, guesser=Fortune())
    world.stages["suggest"].tools = world.tools
    world.receive(mail(TEXT, key="1"))
    assert hints(world)["classifier", "topic"] == "hasar/pert"
    assert hints(world)["rule", "topic"] == "hasar/deger-kaybi"


def test_one_application_that_cannot_be_guessed_stops_no_other(world: World):
    world.tools = replace(world.tools, guesser=Fortune())
    world.stages["suggest"].tools = world.tools
    bad = "Kombi patladı, konut poliçesi. Cep: 0555 000 77 34"
    world.receive(mail(bad, key="1"), mail(TEXT, key="2"))
    with world.database.read() as connection:
        assert [h["application_id"] for h in connection.execute(select(t.hint)).mappings()]
        assert connection.execute(select(t.to_suggest.c.attempts)).scalars().all() == [1]
    for _ in range(10):
        world.later(minutes=10)
        world.stages["suggest"].run(None)
    with world.database.read() as connection:
        assert connection.execute(select(t.to_suggest)).all() == []
    assert world.stages["suggest"].overdue(10) == []


def test_suggesting_twice_is_suggesting_once(world: World):
    world.receive(mail(TEXT, key="1"))
    judge(world)
    first = hints(world)
    with world.database.write() as connection:
        assessing.to_suggest(connection, [1], world.moment)
    world.stages["suggest"].run(None)
    assert hints(world) == first
    with world.database.read() as connection:
        assert all(h["chosen"] for h in assessing.hints(connection, 1))
