"""How long an application is kept, what stops its end, and that nothing personal is left."""

from dataclasses import replace

import pytest
from peers.answering import TEXT, a_letter, an_application, answer, history, outbox
from peers.world import mail
from sqlalchemy import select

from cases.answers import keeping, notes
from cases.answers.closing import Closing, close
from cases.answers.standing import CannotDo
from storage import keeping as rows
from storage import tables as t
from workers import desk

SECRETS = ("deneme", "0555", "+90555", "hasar dosyam", "üç haftadır", "example.test", "gizli not")


def closed(world, type_: str = "complaint", **more) -> int:
    one = an_application(world, type_, **more)
    answer(world, one, **a_letter())
    with world.database.write() as connection:
        notes.add_note(connection, one, "Gizli not: Deneme Kisi aradı", by="staff:elif",
                       now=world.moment)  # fmt: skip
        close(connection, one, Closing("accepted", reason="Deneme"), by="staff:elif",
              now=world.moment)  # fmt: skip
    return one


def everything(world) -> str:
    """Every value of every table, as one folded text."""
    with world.database.read() as connection:
        return "\n".join(
            f"{table.name}: {tuple(row)}"
            for table in t.metadata.sorted_tables
            if table.name not in ("raw_item", "channel", "ledger")
            for row in connection.execute(select(table))
        ).lower()


def test_when_its_time_is_over_nothing_personal_is_left_and_the_figures_stay(world):
    one = closed(world)
    assert all(secret in everything(world) for secret in ("deneme", "0555", "gizli not"))
    blobs = [file for file in world.blobs.folder.rglob("*") if file.is_file()]
    world.later(days=3652)
    assert desk.destroy(world.tools) == 0
    world.later(days=2)
    assert desk.destroy(world.tools) == 1
    left = everything(world)
    assert [secret for secret in SECRETS if secret in left] == []
    assert len([f for f in world.blobs.folder.rglob("*") if f.is_file()]) == len(blobs) - 2
    with world.database.read() as connection:
        [log] = rows.disposals(connection)
        assert (log["rule"], log["blobs"]) == ("retention:complaint", 2)
        assert log["rows"]["message"] == 1
        kept = connection.execute(select(t.application)).mappings().one()
        assert (kept["number"], kept["type"], kept["status"]) == (
            "2619943644", "complaint", "closed",
        )  # fmt: skip
        assert connection.execute(select(t.closing.c.outcome)).scalar_one() == "accepted"
        raw = connection.execute(select(t.raw_item)).mappings().one()
        assert raw["facts"] == {}
    assert history(world, one)[-1] == "erased"
    assert desk.destroy(world.tools) == 0


def test_thanks_are_kept_for_two_years_only(world):
    one = an_application(world, "thanks")
    with world.database.write() as connection:
        close(connection, one, Closing("noted"), by="staff:elif", now=world.moment)
    world.later(days=731)
    assert desk.destroy(world.tools) == 1


def test_a_hold_stops_the_end_and_bytes_that_others_need_stay(world):
    one = closed(world)
    with world.database.write() as connection:
        keeping.hold(connection, one, "savcılık", by="staff:can", now=world.moment)
        keeping.hold(connection, one, "savcılık", by="staff:can", now=world.moment)
    world.later(days=4000)
    assert desk.destroy(world.tools) == 0
    with world.database.write() as connection:
        assert keeping.erase(connection, one, "x", by="system", now=world.moment) is None
        keeping.lift_hold(connection, one, by="staff:can", now=world.moment)
        with pytest.raises(CannotDo):
            keeping.lift_hold(connection, one, by="staff:can", now=world.moment)
    world.receive(mail(TEXT, key="1b", message_id="1"))  # the very same bytes, ten years later
    before = len([f for f in world.blobs.folder.rglob("*") if f.is_file()])
    assert desk.destroy(world.tools) == 1
    assert len([f for f in world.blobs.folder.rglob("*") if f.is_file()]) == before - 1


def test_a_restriction_hides_and_is_lifted(world):
    one = closed(world)
    with world.database.write() as connection:
        keeping.restrict(connection, one, "KVKK başvurusu", by="staff:can", now=world.moment)
        hidden = select(t.application.c.id).where(rows.is_restricted())
        assert list(connection.execute(hidden).scalars()) == [one]
        keeping.unrestrict(connection, one, by="staff:can", now=world.moment)
        assert list(connection.execute(hidden).scalars()) == []
        with pytest.raises(CannotDo):
            keeping.unrestrict(connection, one, by="staff:can", now=world.moment)


def test_the_rounds_of_the_desk_do_nothing_twice(world):
    one = an_application(world)
    answer(world, one)
    world.tools = replace(world.tools, office=replace(world.tools.office, survey=True))
    world.later(days=16)
    for _ in range(2):
        desk.close_quiet(world.tools)
    assert history(world, one).count("closed") == 1
    world.later(days=3)
    for _ in range(2):
        desk.survey(world.tools)
    assert len([p for p in outbox(world, one) if p.startswith("survey")]) == 1
    assert desk.remind(world.tools) == []
