from sqlalchemy import select, update

from storage import events
from storage.tables import event


def rows(world):
    with world.database.read() as connection:
        return connection.execute(select(event).order_by(event.c.seq)).mappings().all()


def unbroken(found) -> bool:
    previous = events.FIRST
    for row in found:
        if row["previous"] != previous or row["hash"] != events.chain_hash(previous, row):
            return False
        previous = row["hash"]
    return True


def test_each_event_is_chained_to_the_one_before(world):
    from peers.world import mail

    text = "Hasar dosyam için ödeme yapılmadı, bilgi verilmesini rica ederim. Tel 0555 000 12 34"
    world.receive(mail(text, key="1"))
    world.receive(mail("Ek belgem ektedir.", key="2", subject="26-1994-3644"))
    found = rows(world)
    assert [row["kind"] for row in found] == [
        "recorded",
        "deadlines_set",
        "routed",
        "message_joined",
    ]
    assert unbroken(found)


def test_a_changed_history_shows(world):
    from peers.world import mail

    world.receive(mail("Hasar dosyam sonuçlanmadı. Tel 0555 000 12 34", key="1"))
    with world.database.write() as connection:
        connection.execute(update(event).values(actor="somebody else"))
    assert not unbroken(rows(world))
