import pytest
from peers.world import World, mail

from cases import joining
from storage import filings

TEXT = (
    "Aracımın hasar dosyası üç haftadır sonuçlanmadı. Eksper raporu tamamlandığı halde ödeme "
    "yapılmadı. Gereğinin yapılmasını rica ederim. Cep: 0555 000 12 34"
)
OTHER = (
    "Poliçe yenileme teklifinde hasarsızlık indirimi uygulanmamış, primin düzeltilmesini ve fazla "
    "alınan tutarın iadesini talep ediyorum. Cep: 0555 000 12 34"
)


def test_a_person_may_part_what_was_attached(world: World):
    world.receive(mail(TEXT, key="1"), mail(TEXT + " Acil.", key="2"))
    with world.database.read() as connection:
        [pair] = filings.pairs(connection)
    assert pair["state"] == "attached"
    with world.database.write() as connection:
        joining.part(connection, pair["message"], world.tools.house, by="deneme", now=world.moment)
    world.drain()
    first, second = world.applications()
    assert (first["message_count"], second["message_count"]) == (1, 1)
    assert len(world.gateway.taken) == 2
    assert world.ledger()[0]["balances"]


def test_of_two_who_part_a_message_at_once_the_second_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """On PostgreSQL the second waits for the lock, and finds the message elsewhere."""
    world.receive(mail(TEXT, key="1"), mail(TEXT + " Acil.", key="2"))
    asked = iter([(1, "near"), (7, "opened")])
    monkeypatch.setattr(filings, "application_of", lambda *_: next(asked))
    with world.database.write() as connection, pytest.raises(joining.CannotJoin):
        joining.part(connection, 2, world.tools.house, by="deneme", now=world.moment)
    assert len(world.applications()) == 1


def test_a_person_may_join_two_that_are_one(world: World):
    first, second = world.receive(mail(TEXT, key="1"), mail(OTHER, key="2"))
    with world.database.write() as connection:
        joining.join(connection, 2, first["number"], by="deneme", now=world.moment)
    one, other = world.applications()
    assert one["message_count"] == 2
    assert (other["status"], other["duplicate_of"]) == ("duplicate", first["number"])
    assert second["number"] == other["number"]


@pytest.mark.parametrize("message", [1, 99])
def test_what_makes_no_sense_is_refused(world: World, message: int):
    world.receive(mail(TEXT, key="1"))
    with pytest.raises(joining.CannotJoin), world.database.write() as connection:
        joining.part(connection, message, world.tools.house, by="deneme", now=world.moment)
