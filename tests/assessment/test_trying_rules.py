"""A trial over the past sees what the live rules see, and reads no more than it needs."""

from datetime import timedelta

import pytest
from assessment_year import a_year
from peers.world import World, mail
from sqlalchemy import event, select, update

from cases.rules import book
from cases.rules.book import Rule, first
from cases.rules.condition import parse
from cases.rules.facts import facts
from storage import facts as rows
from storage import tables as t

CONDITIONS = (
    "text: kasko",
    'text: "prim iadem" and language: tr',
    "found: plate",
    "found: phone and channel: email",
    "found: claim, policy",
    'sender: "example.test"',
    "topic: hasar or branch: dask",
    "not type: unclassified",
    "priority: 1, 2",
)


def of(condition: str) -> Rule:
    return Rule("r", parse(condition), {"department": "oto-hasar"})


def tried(world: World, *conditions: str) -> book.Trial:
    since = world.moment - timedelta(days=400)
    with world.database.read() as connection:
        rules = [of(one) for one in conditions]
        return book.try_out(
            connection, "department", rules, start=since, end=world.moment + timedelta(days=1)
        )


TEXTS = (
    "Plaka 34 ABC 123 olan aracın KASKO hasarı ödenmedi.",
    "Bana ulaşın, cep: 0555 000 12 34.",
    "İptal edilen poliçenin prim iadesini alamadım: prim iadem nerede?",
    "Merhaba, yeni bir konut sigortası düşünüyorum.",
)


def some_mail(world: World) -> None:
    for i, text in enumerate(TEXTS):
        world.receive(mail(text, key=str(i), message_id=str(i)))
    judged = {"type": "complaint", "topic": "hasar/red", "priority": 2}
    with world.database.write() as connection:
        connection.execute(update(t.application).where(t.application.c.id == 1).values(judged))
        connection.execute(
            update(t.application).where(t.application.c.id == 2).values(applicant_email=None)
        )
        connection.execute(update(t.message).where(t.message.c.id == 3).values(things=["claim:7"]))


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_trial_decides_as_the_rule_would(world: World, condition: str):
    some_mail(world)
    with world.database.read() as connection:
        ids = list(connection.execute(select(t.application.c.id)).scalars())
        live = [
            row.id
            for row in rows.of(connection, ids)
            if first("department", [of(condition)], facts(row))
        ]
    trial = tried(world, condition)
    assert trial.seen == len(ids) == len(TEXTS)
    assert 0 < len(live) < len(TEXTS)
    assert trial.matched["r"] == len(live)
    assert trial.examples["r"] == live


def test_what_was_joined_into_another_one_is_not_tried(world: World):
    a_year(world, 30)
    with world.database.write() as connection:
        connection.execute(
            update(t.application).where(t.application.c.id > 20).values(duplicate_of=1)
        )
    assert tried(world, "always").seen == 20


def test_only_what_a_rule_looks_at_is_read(world: World):
    a_year(world, 30)
    asked: list[str] = []
    event.listen(
        world.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2].lower())
    )
    tried(world, "type: complaint and branch: kasko")
    [one] = [statement for statement in asked if "application" in statement]
    assert "message" not in one and "person_key" not in one
