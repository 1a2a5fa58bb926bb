"""Gaps and the credential board: kept with what landed, shown in a sentence that helps."""

from datetime import timedelta

import pytest

from cases.board import aged, gap_sentence, sentence
from ingest.contract import Credential, Delivery, Gap, RawItem
from storage import board, channels
from storage.landing import Fenced, Lander


def test_a_gap_is_stored_with_the_items_it_came_with_and_once(database, blobs, now):
    with database.write() as connection:
        channels.register(connection, "brand", "x")
        epoch = channels.take_lease(connection, "brand", "me", now=now, length=timedelta(minutes=1))
    lander = Lander(database, blobs, lambda _: "mail")
    gap = Gap("search", now - timedelta(days=9), now - timedelta(days=7), "X shows seven days.")
    delivery = Delivery([RawItem("a", "text", b"a")], {"at": 1}, gaps=[gap])
    with pytest.raises(Fenced):
        lander.land("brand", delivery, epoch=(epoch or 0) + 1, now=now)
    with database.read() as connection:
        assert board.gaps(connection) == []
    for _ in range(2):
        lander.land("brand", delivery, epoch=epoch, now=now)
    with database.write() as connection:
        [found] = board.gaps(connection, "brand")
        told = gap_sentence(found)
        assert "brand, search" in told
        assert "X shows seven days." in told
        assert board.close_gap(connection, found.id, "deneme", now)
        assert not board.close_gap(connection, found.id, "deneme", now)
        assert board.gaps(connection) == []


def test_the_board_is_replaced_by_what_the_account_shows_now(database, now):
    dead = Credential("token", "dead", "Facebook refuses the token", "Make a new one")
    with database.write() as connection:
        board.save(connection, "page", [dead, Credential("comments", "ok")], now)
        board.save(connection, "page", [dead], now)
        board.save(connection, "brand", [Credential("mentions", "ok", quota="\x00 299")], now)
        [line] = board.lines(connection, "page")
        assert len(board.lines(connection)) == 2
    told = sentence(line, now)
    assert told == "page, token: Facebook refuses the token. Make a new one."


def test_an_account_that_is_not_read_any_more_goes_on_to_run_out(database, now):
    ends = now + timedelta(days=60)
    renews = Credential("access", "ok", expires_at=now + timedelta(hours=2))
    with database.write() as connection:
        board.save(connection, "page", [Credential("token", "ok", expires_at=ends), renews], now)
        token, access = board.lines(connection)
    assert aged(token, ends - timedelta(days=15)).state == "ok"
    assert aged(token, ends - timedelta(days=14)).state == "warning"
    assert "Ends" in sentence(token, ends - timedelta(days=1))
    assert aged(token, ends).state == "dead"
    assert aged(access, now + timedelta(hours=1)).state == "ok"


def test_a_parked_feature_says_that_the_rest_goes_on(database, now):
    until = now + timedelta(minutes=15)
    parked = Credential("messages", "parked", "X says wait", parked_until=until)
    with database.write() as connection:
        board.save(connection, "brand", [parked], now)
        [line] = board.lines(connection)
    assert "everything else goes on" in sentence(line, now)
