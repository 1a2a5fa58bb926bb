"""The page of one application, in process: what it shows to whom, and what it does."""

import pytest
from peers.answering import an_application
from peers.world import mail
from sqlalchemy import select, update

from cases import joining
from ingest.contract import RawItem
from storage import answers, dossier, routing
from storage import tables as t

SAID = "Hasar dosyam sonuçlanmadı. Cep: 0555 000 12 34"
GOOD = "Hasar ödemeniz onaylanmış ve hesabınıza gönderilmiştir, gecikme için özür dileriz."


@pytest.fixture
def address(world) -> str:
    [one] = world.receive(mail(SAID, key="1"))
    return f"/staff/applications/{one['number']}"


def _row(world, address):
    with world.database.read() as connection:
        return dossier.find(connection, address.rpartition("/")[2])


def _place(world, **values) -> None:
    with world.database.write() as connection:
        connection.execute(update(t.application).values(**values))


def _looks(world, what) -> list[str]:
    with world.database.read() as connection:
        rows = select(t.view_log.c.login).where(t.view_log.c.what == what)
        return list(connection.execute(rows).scalars())


def test_data_are_masked_until_a_reason_is_given_and_every_look_is_recorded(
    world, signed_in, address
) -> None:
    client = signed_in("handler")
    _place(world, department=None)
    page = client.get(address).text
    assert "0555 000 12 34" not in page
    assert "0555 *** ** 34" in page
    assert client.post(f"{address}/reveal", data={"reason": " "}).status_code == 422
    client.post(f"{address}/reveal", data={"reason": "Başvuruyu inceliyorum"})
    assert "0555 000 12 34" in client.get(address).text
    assert _looks(world, "viewed").count("handler") == 3
    world.later(minutes=31)
    assert "0555 000 12 34" not in signed_in("handler").get(address).text


def test_another_department_sees_that_it_exists_and_no_more(world, signed_in, address) -> None:
    _place(world, department="hukuk")
    client = signed_in("handler", department="tahsilat")
    page = client.get(address)
    assert page.status_code == 200
    assert "Hasar dosyam" not in page.text
    assert client.post(f"{address}/acts/note", data={"text": "Deneme"}).status_code == 403


def test_a_department_that_is_asked_reads_it_and_answers(world, signed_in, address) -> None:
    _place(world, department=None)
    asks = {"department": "tahsilat", "question": "Ödeme çıktı mı?"}
    signed_in("handler").post(f"{address}/acts/consult", data=asks)
    with world.database.read() as connection:
        [one] = routing.consultations(connection, department="tahsilat")
    _place(world, department="hukuk")
    asked = signed_in("handler", login="tahsilatci", department="tahsilat")
    assert "Ödeme çıktı mı?" in asked.get(address).text
    answer = asked.post(f"{address}/consultations/{one['id']}", data={"answer": "Evet, çıktı."})
    assert answer.status_code == 303
    with world.database.read() as connection:
        assert routing.consultations(connection, department="tahsilat") == []


def test_who_is_complained_about_sees_nothing(world, signed_in, address) -> None:
    _place(world, department=None)
    client = signed_in("supervisor")
    with world.database.write() as connection:
        routing.add_conflict(connection, 1, "supervisor", "Deneme", by="staff:x", now=world.moment)
    assert client.get(address).status_code == 403


def test_a_data_request_is_closed_to_supervisors_of_other_departments(
    world, signed_in, address
) -> None:
    _place(world, department="kisisel-veri", type="data_protection")
    assert "Hasar dosyam" not in signed_in("supervisor", department="tahsilat").get(address).text
    inside = signed_in("handler", login="veri", department="kisisel-veri")
    assert "Hasar dosyam" in inside.get(address).text


def test_assessed_then_answered_then_closed(world, signed_in, address) -> None:
    _place(world, department="musteri-hizmetleri")
    client = signed_in("handler", login="elif", department="musteri-hizmetleri")
    assert client.post(f"{address}/acts/assess", data={"type": ""}).status_code == 422
    client.post(f"{address}/acts/assess", data={"type": "complaint", "severity": "3"})
    assert _row(world, address)["status"] == "assessed"
    said = {"medium": "email", "position": "accepted", "reasons": GOOD}
    refused = client.post(f"{address}/acts/send", data=said | {"reasons": ""})
    assert refused.status_code == 422
    assert "Gerekçe yazılmamış." in refused.text
    assert GOOD in client.post(f"{address}/preview", data=said).text
    assert _row(world, address)["status"] == "assessed"
    client.post(f"{address}/acts/send", data=said)
    assert _row(world, address)["status"] == "answered"
    told_otherwise = client.post(f"{address}/acts/close", data={"outcome": "rejected"})
    assert told_otherwise.status_code == 422
    client.post(f"{address}/acts/close", data={"outcome": "accepted"})
    assert _row(world, address)["status"] == "closed"
    closed = client.get(address).text
    assert 'id="act-answer"' not in closed
    assert "başvuru kapalı" in closed


def test_a_form_cannot_name_the_answer_of_another_application(world, signed_in, address) -> None:
    _place(world, department=None)
    other = an_application(world, key="2", sender="Baska Kisi <baska@example.test>")
    client = signed_in("supervisor")
    draft = {"medium": "email", "position": "accepted", "reasons": GOOD}
    with world.database.read() as connection:
        number = dossier.number_of(connection, other)
    _place(world, department=None, type="complaint")
    client.post(f"/staff/applications/{number}/acts/draft", data=draft)
    with world.database.read() as connection:
        [one] = answers.of_application(connection, other)
    wrong = client.post(f"{address}/acts/send", data=draft | {"answer": str(one.id)})
    assert wrong.status_code == 422
    approved = client.post(f"{address}/decisions/approve", data={"answer": str(one.id)})
    assert approved.status_code == 422


@pytest.mark.parametrize(
    ("act", "fields", "event"),
    [
        ("route", {"department": "hukuk", "reason": "responsible"}, "routed"),
        ("assign", {"to": "handler"}, "assigned"),
        ("ask", {"medium": "email", "question": "Dosya numaranız nedir?"}, "asked"),
        ("note", {"text": "Eksper arandı."}, "note_added"),
        ("task", {"text": "Ara", "due_on": "2035-01-02"}, "note_added"),
        ("pause", {"reason": "waiting_court"}, "clock_paused"),
        ("proceeding", {"kind": "court", "opened_on": "2026-03-02"}, "proceeding_opened"),
    ],
)
def test_each_act_writes_its_event(world, signed_in, address, act, fields, event) -> None:
    _place(world, department=None)
    client = signed_in("handler")
    done = client.post(f"{address}/acts/{act}", data=fields)
    assert done.status_code == 303, done.text
    with world.database.read() as connection:
        kinds = [one["kind"] for one in dossier.history(connection, 1)]
    assert event in kinds


def test_a_message_that_was_joined_is_parted_again(world, signed_in, address) -> None:
    world.receive(mail("Bir belge daha gönderiyorum, cep: 0555 000 12 34. " + SAID, key="2"))
    numbers = [one["number"] for one in world.applications()]
    if len(numbers) == 2:  # similar, but left to a person: joined by one
        with world.database.write() as connection:
            joining.join(connection, 2, numbers[0], by="staff:elif", now=world.moment)
    _place(world, department=None)
    client = signed_in("handler")
    assert "Ayır" in client.get(address).text
    assert client.post(f"{address}/acts/part", data={"message": "99"}).status_code == 422
    assert client.post(f"{address}/acts/part", data={"message": "2"}).status_code == 303
    with world.database.read() as connection:
        here = [one["id"] for one in dossier.messages(connection, 1)]
    assert here == [1]
    alone = client.post(f"{address}/acts/part", data={"message": "1"})
    assert alone.status_code == 422
    assert "tek ileti" in alone.text


def test_a_file_is_taken_in_a_sandbox_and_the_taking_is_recorded(world, signed_in) -> None:
    whole = mail("Ekte.", key="9").body + b""
    with_file = whole.replace(
        b"Content-Type: text/plain; charset=utf-8",
        b'Content-Type: text/html; name="a.html"\r\nContent-Disposition: attachment;'
        b' filename="a.html"',
    )
    [one] = world.receive(RawItem("9", "email", with_file))
    _place(world, department=None)
    client = signed_in("handler")
    path = f"/staff/applications/{one['number']}"
    assert client.get(f"{path}/messages/1/files/0").status_code == 403
    client.post(f"{path}/reveal", data={"reason": "Başvuruyu inceliyorum"})
    got = client.get(f"{path}/messages/1/files/0")
    assert got.headers["content-security-policy"].startswith("sandbox")
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["content-type"] == "application/octet-stream"
    assert _looks(world, "downloaded") == ["handler"]
