"""Whom the watch over deadlines tells: departments, and those above them."""

from peers.answering import an_application
from sqlalchemy import select

from storage import departments
from storage import routing as places
from storage import tables as t
from storage.departments import Department
from workers import watching


def test_warnings_reach_the_departments_address_and_whom_it_escalates_to(world, house) -> None:
    application = an_application(world)
    with house.database.write() as connection:
        department = Department("hukuk", "Hukuk", "Legal", "hukuk@example.test", "uyum", None)
        departments.save(connection, department)
        places.put(connection, application, department="hukuk", assignee=None)
    world.later(days=60)
    watching.warn(world.tools)
    with house.database.read() as connection:
        told = set(connection.execute(select(t.notice.c.department)).scalars())
    assert {"hukuk", "uyum"} <= told
    watching.mail(world.tools)
    written = [one.read_text() for one in world.tools.outgoing.iterdir()]
    assert any("To: hukuk@example.test" in one for one in written)
