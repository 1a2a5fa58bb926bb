"""The live board: figures without people, read once for all who watch."""

import threading

import pytest
from peers.staff import client_of, colleague
from peers.world import mail

from cases.live_board import Line, look, summed
from portal.web.shared import Shared


def test_figures_come_from_the_history_and_name_nobody(world, house, portal):
    for number in range(3):
        world.receive(
            mail(f"Konu {number} hakkında.", key=str(number), sender=f"Deneme <d{number}@e.test>")
        )
    with house.database.read() as connection:
        seen = look(connection, house.now())
    assert (seen.total.open, seen.total.overdue, seen.today["received"]) == (3, 0, 3)
    assert [one.code for one in seen.by["channel"]] == ["email"]
    page = client_of(portal, colleague(house, "operations")).get("/staff/wall").text
    assert "26-1994-3644" in page
    assert "Deneme <" not in page
    assert "/staff/applications" not in page


def test_what_is_late_stands_first(now):
    def row(department, overdue, opened):
        return {
            "department": department,
            "open": opened,
            "overdue": overdue,
            "due_today": 0,
            "oldest": now,
        }

    lines = summed([row("a", 0, 9), row("b", 1, 2), row("a", 0, 1), row(None, 0, 20)], "department")
    assert lines == [Line("b", 2, 1, 0, now), Line(None, 20, 0, 0, now), Line("a", 10, 0, 0, now)]


def test_late_applications_are_counted(world, house):
    world.receive(mail("Hasar ödemem yapılmadı, şikâyetçiyim.", key="1"))
    world.later(days=200)
    with house.database.read() as connection:
        assert look(connection, house.now()).total.overdue == 1


def test_many_who_watch_make_one_query():
    shared, asked, gate = Shared(fresh=60), [], threading.Event()

    def read():
        asked.append(1)
        gate.wait(5)
        return "board"

    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.append(shared.get("board", read))) for _ in range(20)
    ]
    for one in threads:
        one.start()
    gate.set()
    for one in threads:
        one.join()
    assert got == ["board"] * 20
    assert len(asked) == 1


def test_an_old_value_is_shown_while_one_reads_anew():
    shared = Shared(fresh=0)
    assert shared.get("board", lambda: "old") == "old"
    began, gate = threading.Event(), threading.Event()

    def read():
        began.set()
        gate.wait(5)
        return "new"

    reader = threading.Thread(target=lambda: shared.get("board", read))
    reader.start()
    began.wait(5)
    assert shared.get("board", lambda: "never") == "old"
    gate.set()
    reader.join()


def test_a_failed_look_leaves_the_next_one_free():
    shared = Shared()
    with pytest.raises(ZeroDivisionError):
        shared.get("board", lambda: 1 // 0)
    assert shared.get("board", lambda: "board") == "board"
