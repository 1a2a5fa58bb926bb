"""The list and the search: what is found, by whom, in which order, and what stays masked."""

import re
from datetime import timedelta

import pytest
from peers.staff import client_of, colleague
from peers.world import mail
from sqlalchemy import text

from cases.routing import service as routing
from storage import search, viewlog

LETTER = (
    "Sayın yetkili, 34 ABC 123 plakalı aracımın hasar dosyası sonuçlanmadı. "
    "Poliçe no: 123456789. T.C. kimlik no: 10000000146. Cep: 0555 000 12 34. "
    "Çekici ücretinin ödenmesini ve şikâyetimin İNCELENMESİNİ rica ederim."
)
NUMBER = "26-1994-3644"


@pytest.fixture
def letter(world):
    world.receive(
        mail(LETTER, key="1", sender="Ayşegül Deneme <aysegul@example.test>", subject="Çekici"),
        mail("Poliçemin bir örneğini rica ederim, teşekkürler.", key="2", sender="b@example.test"),
    )


def asked(client, q):
    """The page that a question leads to."""
    answer = client.post("/staff/applications/search", data={"q": q})
    assert answer.status_code == 303
    assert q not in answer.headers["location"]
    return client.get(answer.headers["location"])


@pytest.mark.parametrize(
    "q",
    [
        "AYSEGUL deneme",
        "ayşegül@example.test".replace("ş", "s").replace("ü", "u"),
        "0555 000 12 34",
        "+905550001234",
        "10000000146",
        "34 abc 123",
        "34ABC123",
        "no 34",
        "123456789",
        "çekici ücreti",
        "SIKAYETIMIN incelenmesini",
        "sikayet aysegul@example.test",
    ],
)
def test_anything_printed_on_a_letter_finds_it(letter, signed_in, q):
    page = asked(signed_in("supervisor"), q).text
    assert NUMBER in page
    assert page.count("data-row") == 1


@pytest.mark.parametrize(
    "q", ["bambaşka", "po", "no 3", "34 abc 999", "0555 000 99 99", "çekici poliçemin"]
)
def test_what_is_nowhere_is_not_found(letter, signed_in, q):
    assert "Bulunamadı" in asked(signed_in("supervisor"), q).text


def test_a_number_opens_its_application(letter, signed_in):
    client = signed_in("handler")
    for q in (NUMBER, "2619943644", "26 1994 3644"):
        answer = client.post("/staff/applications/search", data={"q": q})
        assert answer.headers["location"] == "/staff/applications/2619943644"


def test_a_search_is_on_record_and_what_was_asked_is_not(letter, signed_in, database):
    asked(signed_in("supervisor"), "0555 000 12 34")
    with database.read() as connection:
        [row] = [one for one in viewlog.rows(connection) if one["what"] == "searched"]
    assert row["data"] == {"kinds": ["person", "words"], "found": 1}


def test_a_kept_question_is_its_askers_alone_and_ends(letter, house, portal, world, signed_in):
    answer = signed_in("supervisor").post("/staff/applications/search", data={"q": "çekici"})
    address = answer.headers["location"]
    assert "Bu aramanın süresi doldu" in signed_in("handler").get(address).text
    assert "çekici" in signed_in("supervisor").get(address).text
    world.later(hours=13)
    who = colleague(house, "supervisor", login="supervisor")
    assert "Bu aramanın süresi doldu" in client_of(portal, who).get(address).text


def test_words_are_found_only_in_what_one_may_read_and_names_are_masked(letter, house, portal):
    with house.database.write() as connection:
        routing.route(connection, 1, "hukuk", reason="responsible", by="staff:x", now=house.now())
    elsewhere = client_of(portal, colleague(house, "handler", login="e", department="oto-hasar"))
    page = asked(elsewhere, "çekici ücreti").text
    assert "Bulunamadı" in page
    page = asked(elsewhere, "0555 000 12 34").text
    assert NUMBER in page
    assert "başka birimin başvurusu" in page
    assert ">Çekici<" not in page
    own = client_of(portal, colleague(house, "handler", login="o", department="hukuk"))
    page = asked(own, "çekici ücreti").text
    assert "Çekici" in page
    assert "A*** D***" in page
    assert "Ayşegül" not in page


def test_the_most_urgent_is_first_and_pages_follow_each_other(world, house, signed_in, database):
    for number in range(7):
        world.receive(mail(f"Talebim vardır, konu {number}.", key=str(number)))
    with database.write() as connection:
        due = "UPDATE application SET sla_due_at = :at WHERE id = :id"
        for i, days in enumerate([5, 1, None, 3, -2, 3, 9], 1):
            at = None if days is None else house.now() + timedelta(days=days)
            values = {"at": str(at.replace(tzinfo=None)) if at and database.is_sqlite else at}
            connection.execute(text(due), values | {"id": i})
        gone = "UPDATE application SET legal_due_at = NULL WHERE id = 3"
        connection.execute(text(gone))
    from portal.staff import applications

    seen, address = [], "/staff/applications"
    old, applications.ROWS = applications.ROWS, 2
    try:
        while address:
            page = signed_in("supervisor").get(address).text
            seen += re.findall(r'href="/staff/applications/(\d+)" data-row', page)
            found = re.search(r'rel="next" href="([^"]+)"', page)
            address = found[1].replace("&amp;", "&") if found else ""
    finally:
        applications.ROWS = old
    with database.read() as connection:
        ids = dict(connection.execute(text("SELECT number, id FROM application")).all())
    assert [ids[number] for number in seen] == [5, 2, 4, 6, 1, 7, 3]


def test_many_are_given_to_a_colleague_at_once_and_refusals_are_counted(letter, house, portal):
    chief = colleague(house, "supervisor", login="chief")
    colleague(house, "handler", login="bora", department="oto-hasar")
    with house.database.write() as connection:
        routing.bar(connection, 2, "bora", "akraba", by="staff:chief", now=house.now())
    answer = client_of(portal, chief).post(
        "/staff/applications/assign",
        data={"id": ["1", "2", "99"], "to": "bora", "back": "/staff/applications?show=all"},
    )
    assert answer.headers["location"] == "/staff/applications?show=all&assigned=1&refused=2"
    with house.database.read() as connection:
        rows = connection.execute(text("SELECT assignee FROM application ORDER BY id")).scalars()
        assert list(rows) == ["bora", None]
        kinds = connection.execute(text("SELECT kind FROM event WHERE application_id = 1"))
        assert "assigned" in list(kinds.scalars())


def test_nobody_gives_away_what_another_department_has(letter, house, portal):
    with house.database.write() as connection:
        routing.route(connection, 1, "hukuk", reason="responsible", by="staff:x", now=house.now())
    other = client_of(portal, colleague(house, "handler", login="e", department="oto-hasar"))
    other.post("/staff/applications/assign", data={"id": ["1"], "to": "me"})
    with house.database.read() as connection:
        assert (
            connection.execute(text("SELECT assignee FROM application")).scalars().first() is None
        )


def test_a_filter_is_kept_alone_or_for_the_department_and_forgotten_by_its_owner(house, portal):
    mine = client_of(portal, colleague(house, "handler", login="a", department="oto-hasar"))
    mate = client_of(portal, colleague(house, "handler", login="b", department="oto-hasar"))
    mine.post("/staff/applications/filters", data={"name": "Geciken", "due": "late", "shared": "y"})
    mine.post("/staff/applications/filters", data={"name": "Benim", "assignee": "me"})
    assert "Benim" in mine.get("/staff/applications").text
    page = mate.get("/staff/applications").text
    assert "Geciken" in page
    assert "due=late" in page
    assert "Benim" not in page
    mate.post("/staff/applications/filters/1/drop")
    assert "Geciken" in mate.get("/staff/applications").text
    mine.post("/staff/applications/filters/1/drop")
    assert "Geciken" not in mate.get("/staff/applications").text


def test_what_makes_no_sense_in_the_address_is_as_if_it_were_not_there(letter, signed_in):
    page = signed_in("supervisor").get(
        "/staff/applications?show=x&due=y&department=%27--&after=zzz&found=none&assigned=a"
    )
    assert page.status_code == 200
    assert NUMBER in page.text


def test_what_came_before_searches_is_made_findable(letter, database):
    with database.write() as connection:
        connection.execute(text("DELETE FROM search_text"))
        search.fill(connection)
        found = search.hits(connection, [search.Term(words=("aysegul", "cekici"))], limit=9)
    assert found == [1]


def test_an_erased_application_is_found_by_nothing(letter, database, now):
    from storage import erasing

    with database.write() as connection:
        erasing.erase(connection, 1, now)
        assert search.hits(connection, [search.Term(words=("cekici",))], limit=9) == []


def test_restricted_applications_are_hidden_from_ordinary_users(letter, house, signed_in, now):
    from storage import keeping

    with house.database.write() as connection:
        keeping.restrict(connection, 1, "itiraz", by="staff:x", now=now)
    assert NUMBER not in signed_in("handler").get("/staff/applications").text
    assert NUMBER in signed_in("supervisor").get("/staff/applications").text
