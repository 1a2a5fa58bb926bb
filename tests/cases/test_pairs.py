"""People decide about suggested pairs, and take it back: nothing is lost either way."""

import pytest
from peers.answering import answer, data_of, history, status
from peers.world import World, mail
from sqlalchemy import select, update

from cases import joining, pairs
from storage import dossier
from storage import pairs as stored
from storage import tables as t
from storage.reporting import facts

WHO = "staff:elif"
MINE = (
    "Aracımın hasar dosyası üç haftadır sonuçlanmadı. Eksper raporu tamamlandığı halde ödeme "
    "yapılmadı. Gereğinin yapılmasını rica ederim. Plaka {plate}. Cep: 0555 000 12 34"
)


@pytest.fixture
def pair(world: World) -> int:
    """Two of one person that only differ in the plate: the house leaves them to a person."""
    for key, plate in (("1", "34 ABC 123"), ("2", "06 DEF 456")):
        world.receive(mail(MINE.format(plate=plate), key=key))
        world.later(minutes=10)
    with world.database.read() as connection:
        [one] = stored.waiting(connection, None, "elif", every=True)
    assert (one["came"]["id"], one["have"]["id"]) == (2, 1)
    return int(one["id"])


def _do(world: World, what, pair_id: int, **more) -> None:
    with world.database.write() as connection:
        what(connection, pair_id, by=WHO, now=world.moment, **more)


def _waiting(world: World) -> int:
    with world.database.read() as connection:
        return len(list(stored.waiting(connection, None, "elif", every=True)))


def _messages(world: World, application_id: int) -> list[tuple[int, str]]:
    with world.database.read() as connection:
        found = dossier.messages(connection, application_id)
    return [(one["id"], one["how"]) for one in found]


def _is_counted_right(world: World) -> bool:
    with world.database.read() as connection:
        return facts.differences(connection) == []


def test_joined_the_first_number_stays_and_the_pair_waits_no_more(world, pair) -> None:
    _do(world, pairs.join, pair, half_days=True)
    one, other = world.applications()
    assert (one["message_count"], other["status"]) == (2, "duplicate")
    assert other["duplicate_of"] == one["number"]
    assert _waiting(world) == 0
    assert _is_counted_right(world)


def test_undone_everything_is_as_it_was_and_the_pair_waits_again(world, pair) -> None:
    before = [_messages(world, one) for one in (1, 2)]
    _do(world, pairs.join, pair, half_days=True)
    world.later(days=3)
    _do(world, pairs.undo, pair)
    assert [_messages(world, one) for one in (1, 2)] == before
    assert (status(world, 2), _waiting(world)) == ("recorded", 1)
    assert data_of(world, 2, "reopened")["reason"] == "parted"
    assert "message_parted" in history(world, 1)
    assert _is_counted_right(world)
    with world.database.read() as connection:
        row = facts.fact_row(connection, 2)
    assert row is not None
    assert (row["is_open"], row["settled_at"], row["reopenings"]) == (True, None, 0)
    assert len(world.gateway.taken) == 2  # nobody was told a third number


def test_a_join_can_be_undone_after_the_other_was_joined_on(world, pair) -> None:
    world.receive(mail("Poliçemin yenilenmesini istiyorum, teşekkürler.", key="3"))
    _do(world, pairs.join, pair, half_days=True)
    with world.database.write() as connection:
        joining.join_applications(connection, 1, 3, by=WHO, now=world.moment, half_days=True)
    _do(world, pairs.undo, pair)
    assert _messages(world, 2) == [(2, "opened")]
    with world.database.write() as connection:
        joining.unjoin(connection, 1, by=WHO, now=world.moment)
    assert _messages(world, 1) == [(1, "opened")]
    assert _messages(world, 3) == [(3, "opened")]
    assert _is_counted_right(world)


def test_kept_apart_nobody_is_asked_again_until_it_is_undone(world, pair) -> None:
    _do(world, pairs.apart, pair)
    assert _waiting(world) == 0
    assert "kept_apart" in history(world, 1)
    assert "kept_apart" in history(world, 2)
    with pytest.raises(pairs.DecidedAlready):
        _do(world, pairs.join, pair, half_days=True)
    _do(world, pairs.undo, pair)
    assert _waiting(world) == 1
    with pytest.raises(pairs.DecidedAlready):
        _do(world, pairs.undo, pair)


def test_the_answered_one_stays_and_hears_what_was_written_after_the_answer(world) -> None:
    world.receive(mail(MINE.format(plate="34 ABC 123"), key="1"))
    with world.database.write() as connection:
        connection.execute(update(t.application).values(type="complaint"))
    answer(world, 1)
    world.later(days=1)
    world.receive(mail(MINE.format(plate="06 DEF 456"), key="2", received_at=world.moment))
    with world.database.read() as connection:
        [one] = stored.waiting(connection, None, "elif", every=True)
    assert status(world, 1) == "answered"
    _do(world, pairs.join, one["id"], half_days=True)
    assert status(world, 1) == "in_progress"
    assert "applicant_replied" in history(world, 1)


def test_two_that_were_answered_are_not_joined(world, pair) -> None:
    with world.database.write() as connection:
        connection.execute(update(t.application).values(type="complaint"))
    answer(world, 1)
    answer(world, 2)
    with pytest.raises(joining.CannotJoin, match="Both were answered"):
        _do(world, pairs.join, pair, half_days=True)


def test_what_was_answered_is_never_joined_away(world, pair) -> None:
    with world.database.write() as connection:
        connection.execute(update(t.application).values(type="complaint"))
    answer(world, 2)
    _do(world, pairs.join, pair, half_days=True)
    with world.database.read() as connection:
        rows = connection.execute(select(t.application.c.id, t.application.c.duplicate_of))
        assert dict(rows.tuples().all())[1] == 2
    with pytest.raises(joining.CannotJoin), world.database.write() as connection:
        joining.join_applications(connection, 2, 1, by=WHO, now=world.moment, half_days=True)


def test_of_other_departments_only_those_see_pairs_who_see_every_department(world, pair) -> None:
    with world.database.write() as connection:
        connection.execute(update(t.application).values(department="hukuk", assignee="ayse"))
    with world.database.read() as connection:
        assert list(stored.waiting(connection, "tahsilat", "elif", every=False)) == []
        assert len(list(stored.waiting(connection, "hukuk", "elif", every=False))) == 1
        assert len(list(stored.waiting(connection, "tahsilat", "ayse", every=False))) == 1
