"""From a post to a telephone number: the one-time link, what it brings, what it releases."""

import pytest
from peers.world import World, mail
from social_items import item

from cases import contact_links, contacts
from cases.contact_links import LinkClosed
from cases.contacts import BadContact, Contact
from storage import contacts as stored

POST = "Hasar dosyam üç haftadır bekliyor, kimse aramıyor. Yardım eder misiniz?"
CONTACT = Contact("Deneme Kişi", "0555 000 12 34", "Deneme.Kisi@example.test")


def _issued(world: World, text: str = POST) -> tuple[int, str]:
    [one] = world.receive(item(text), account="brand")
    with world.database.write() as connection:
        message = stored.opening_message(connection, one["id"])
        issued = contact_links.issue(connection, one["id"], message, world.moment)
    return one["id"], issued.token


def _redeem(world: World, token: str, contact: Contact = CONTACT, *, consent: bool = True):
    with world.database.write() as connection:
        return contact_links.redeem(
            connection,
            token,
            contact,
            consent=consent,
            house=world.tools.house,
            now=world.moment,
        )


def test_a_post_is_an_application_at_once_and_its_sms_stays_owed(world: World):
    [one] = world.receive(item(POST), account="brand")
    assert one["acknowledgement"]["state"] == "no_phone"
    assert world.gateway.taken == []


def test_the_link_releases_the_sms_with_the_same_number(world: World):
    _, token = _issued(world)
    redeemed = _redeem(world, token)
    assert redeemed.number == "26-1994-3644"
    assert set(redeemed.to_send) == {"sms"}
    world.drain()
    [one] = world.applications()
    assert one["acknowledgement"]["state"] == "accepted"
    assert one["applicant"]["phone"] == "+905550001234"
    assert one["applicant"]["email"] == "deneme.kisi@example.test"
    [sms] = world.gateway.taken
    assert (sms.to, "26-1994-3644" in sms.text) == ("+905550001234", True)
    assert "contact_given" in [event["kind"] for event in _events(world)]
    assert "0555" not in str(_events(world))


def test_a_link_works_once(world: World):
    _, token = _issued(world)
    _redeem(world, token)
    with pytest.raises(LinkClosed) as closed:
        _redeem(world, token)
    assert closed.value.state == "used"


def test_a_link_expires(world: World):
    _, token = _issued(world)
    world.later(days=14)
    with pytest.raises(LinkClosed) as closed:
        _redeem(world, token)
    assert closed.value.state == "expired"
    with world.database.read() as connection:
        assert contact_links.look(connection, token, world.moment).number == ""


def test_an_unknown_token_tells_nothing(world: World):
    for token in ("", "guessed", "x" * 5_000, "\udc80"):
        with world.database.read() as connection:
            assert contact_links.look(connection, token, world.moment).state == "unknown"


def test_what_cannot_be_used_is_said_by_field_and_the_link_stays_open(world: World):
    _, token = _issued(world)
    with pytest.raises(BadContact) as bad:
        _redeem(world, token, Contact("Deneme", "0212 000 12 3x4", "keine adresse"))
    assert set(bad.value.problems) == {"phone", "email"}
    assert "0212" not in str(bad.value)
    with world.database.read() as connection:
        assert contact_links.look(connection, token, world.moment).state == "open"


def test_the_token_is_not_in_the_database(world: World):
    _, token = _issued(world)
    with world.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM contact_link").all()
    assert token not in str(rows)


def test_with_consent_a_later_mail_of_the_person_is_known_as_theirs(world: World):
    _, token = _issued(world)
    _redeem(world, token)
    sent = mail(POST, key="1", sender="Deneme Kisi <deneme.kisi@example.test>")
    assert len(world.receive(sent)) == 1


def test_without_consent_the_account_is_not_linked_with_the_person(world: World):
    _, token = _issued(world)
    _redeem(world, token, consent=False)
    sent = mail(POST, key="1", sender="Deneme Kisi <deneme.kisi@example.test>")
    assert len(world.receive(sent)) == 2


def test_a_number_typed_into_a_direct_message_is_a_suggestion_until_it_is_confirmed(world: World):
    text = f"{POST} Cep: 0555 000 12 34"
    [one] = world.receive(item(text, kind="dm"), account="brand")
    assert one["acknowledgement"]["state"] == "no_phone"
    with world.database.write() as connection:
        [found] = contacts.suggested(connection, one["id"])
        assert (found.what, found.value) == ("phone", "+905550001234")
        contacts.give(
            connection,
            one["id"],
            Contact(phone=found.value),
            world.tools.house,
            how="desk",
            actor="staff:deneme",
            now=world.moment,
        )
        assert contacts.suggested(connection, one["id"]) == []
    world.drain()
    assert [sms.to for sms in world.gateway.taken] == ["+905550001234"]


def _events(world: World) -> list[dict[str, object]]:
    with world.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT kind, actor, data FROM event ORDER BY id")
        return [dict(row._mapping) for row in rows]
