"""What waits for somebody today, and nothing that waits for others."""

from datetime import timedelta

from peers.staff import client_of, colleague
from peers.world import mail

from cases.routing import service as routing
from storage import tasks
from storage.tasks import NewTask

HERE, THERE = "oto-hasar", "hukuk"


def test_my_day_has_what_is_mine_and_what_nobody_took(world, house, portal):
    me = client_of(portal, colleague(house, "handler", login="a", department=HERE))
    for number in range(3):
        world.receive(
            mail(f"Konu {number} hakkında.", key=str(number), sender=f"D <d{number}@e.test>")
        )
    now = house.now()
    with house.database.write() as connection:
        for one, department in ((1, HERE), (2, THERE), (3, HERE)):
            routing.route(connection, one, department, reason="responsible", by="staff:x", now=now)
        routing.assign(connection, 3, "a", by="staff:x", now=now)
        due = now + timedelta(hours=1)
        tasks.add(connection, NewTask(kind="call_back", due_at=due, department=HERE), now)
        tasks.add(connection, NewTask(kind="find_phone", due_at=due, assignee="b"), now)
    numbers = [one["number"] for one in world.applications()]
    page = me.get("/staff/my-day").text
    assert numbers[0] in page
    assert numbers[1] not in page
    assert "geri arama" in page
    assert "telefon bulma" not in page
    assert f'href="/staff/applications/{numbers[0]}" data-key="s"' in page
    world.later(days=60)
    again = client_of(portal, colleague(house, "handler", login="a"))
    page = again.get("/staff/my-day").text
    assert "Bugün dolan ve geciken" in page
    assert f'href="/staff/applications/{numbers[2]}" data-key="s"' in page


def test_an_empty_day_says_so(portal, house):
    page = client_of(portal, colleague(house, "handler", login="a", department=HERE))
    assert "Sizi bekleyen bir şey yok" in page.get("/staff/my-day").text


def test_approvals_are_for_those_who_approve(portal, house):
    for role in ("handler", "supervisor"):
        who = client_of(portal, colleague(house, role, department=HERE))
        assert who.get("/staff/my-day").status_code == 200
