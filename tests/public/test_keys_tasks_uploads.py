"""Rows of desks and doors, on every database."""

from datetime import timedelta

from cases import api_keys
from storage import calls, keys, status, tasks, uploads
from storage.engine import Database
from storage.tasks import NewTask


def test_a_key_opens_until_it_is_revoked(database: Database, now):
    key = api_keys.new_key()
    with database.write() as connection:
        assert keys.add(connection, "mobile-app", api_keys.digest(key), by="test", now=now)
        assert not keys.add(connection, "mobile-app", "another", by="test", now=now)
        assert keys.use(connection, api_keys.digest(key), now).name == "mobile-app"
        assert keys.use(connection, api_keys.digest(key + "x"), now) is None
        assert keys.all_of(connection)[0].used_at == now
        assert keys.revoke(connection, "mobile-app", now)
        assert not keys.revoke(connection, "mobile-app", now)
        assert keys.use(connection, api_keys.digest(key), now) is None


def test_a_task_is_done_once(database: Database, now):
    with database.write() as connection:
        late = tasks.add(connection, NewTask(kind="call_back", due_at=now), now)
        soon = NewTask(kind="find_phone", due_at=now - timedelta(hours=1), department="cs")
        tasks.add(connection, soon, now)
        assert [one.kind for one in tasks.open_ones(connection)] == ["find_phone", "call_back"]
        assert [one.id for one in tasks.open_ones(connection, kind="call_back")] == [late]
        assert tasks.done(connection, late, by="staff:ayse", now=now)
        assert not tasks.done(connection, late, by="staff:veli", now=now)
        assert tasks.find(connection, late).done_by == "staff:ayse"


def test_pieces_of_a_file_come_in_order_or_not_at_all(database: Database, now):
    with database.write() as connection:
        uploads.begin(connection, "t1", "a.pdf", 6, now=now)
        file = uploads.find(connection, "t1")
        assert uploads.add_piece(connection, file, 0, b"abc") == 3
        assert uploads.add_piece(connection, file, 0, b"abc") is None
        assert uploads.add_piece(connection, file, 3, b"defg") is None
        assert uploads.add_piece(connection, file, 3, b"def") == 6
        whole = uploads.find(connection, "t1")
        assert whole.is_whole
        assert uploads.content(connection, whole) == b"abcdef"
        assert uploads.find(connection, "t1", owner="another") is None


def test_a_file_that_no_form_named_is_gone_after_a_day(database: Database, now):
    with database.write() as connection:
        uploads.begin(connection, "t1", "a.pdf", 3, now=now)
        uploads.add_piece(connection, uploads.find(connection, "t1"), 0, b"abc")
        uploads.begin(connection, "t2", "b.pdf", 3, now=now + uploads.KEPT + timedelta(seconds=1))
        assert uploads.find(connection, "t1") is None
        assert uploads.waiting_bytes(connection) == 3


def test_a_call_only_moves_forward(database: Database, now):
    def ring(caller=""):
        return calls.begin(
            connection, "phone", "c1", caller=caller, called="4440123", agent="", now=now
        )

    with database.write() as connection:
        call = ring("+905550001234")
        assert ring().id == call.id
        assert ring().caller == "+905550001234"
        assert calls.move(connection, call, "answered", answered_at=now)
        assert not calls.move(connection, call, "missed", ended_at=now)
        assert [one.id for one in calls.at_the_line(connection, "ayse", now)] == [call.id]
        assert calls.move(connection, call, "ended", ended_at=now)
        assert calls.at_the_line(connection, "ayse", now) == []


def test_a_draft_is_the_last_one(database: Database, now):
    with database.write() as connection:
        calls.save_draft(connection, "ayse", "k1", {"text": "bir"}, now)
        calls.save_draft(connection, "ayse", "k1", {"text": "iki"}, now)
        assert calls.draft(connection, "ayse")[:2] == ("k1", {"text": "iki"})
        calls.drop_draft(connection, "ayse")
        assert calls.draft(connection, "ayse") is None


def test_a_visit_without_an_application_is_never_entered(database: Database, now):
    with database.write() as connection:
        status.begin(connection, "h1", now)
        assert not status.enter(connection, "h1", "", "h2", now)
        assert not status.enter(connection, "h1", "x", "h2", now)
        assert status.visited(connection, "h1", now) is None
