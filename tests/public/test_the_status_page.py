"""Status: a number and a phone, a code by SMS, and nothing for anybody else."""

import re

import pytest
from public_forms import GIVEN, key_of, number_of

from storage import applications, events
from storage.events import Event


def apply(portal, world, **changed) -> str:
    key = key_of(portal.get("/apply").text)
    world.later(seconds=30)
    number = number_of(portal.post("/apply", data=GIVEN | {"key": key} | changed).text)
    world.drain()
    return number


def code_sent(world) -> str:
    """The code in the newest SMS."""
    return re.search(r"\b\d{6}\b", world.gateway.taken[-1].text)[0]


def enter(portal, world, number, phone=GIVEN["phone"]):
    portal.post("/status", data={"number": number, "phone": phone})
    return portal.post("/status/code", data={"code": code_sent(world)})


def test_a_code_goes_to_the_phone_on_file_and_opens_the_page(portal, world):
    number = apply(portal, world)
    page = enter(portal, world, number)
    assert page.url.path == "/status/application"
    for text in (number, "Alındı", "01.04.2026", "Ödeme gecikti"):
        assert text in page.text
    assert len(world.gateway.taken) == 2


def test_wrong_number_and_wrong_phone_get_the_same_answer_and_no_code(portal, world):
    number = apply(portal, world)
    sent = len(world.gateway.taken)
    answers = [
        portal.post("/status", data={"number": one, "phone": phone}, follow_redirects=False)
        for one, phone in (
            (number, "0555 000 99 99"),
            ("27-7740-8932", GIVEN["phone"]),
            (number, GIVEN["phone"]),
        )
    ]
    assert {(one.status_code, one.headers["location"], one.text) for one in answers} == {
        (303, "/status/code", "")
    }
    assert len(world.gateway.taken) == sent + 1  # for the right ones alone


def test_a_wrong_code_opens_nothing_and_five_are_enough(portal, world):
    number = apply(portal, world)
    portal.post("/status", data={"number": number, "phone": GIVEN["phone"]})
    right = code_sent(world)
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        assert portal.post("/status/code", data={"code": wrong}).status_code == 422
    assert portal.post("/status/code", data={"code": right}).status_code == 422
    assert portal.get("/status/application").url.path == "/status"


def test_a_code_is_good_for_ten_minutes_and_a_visit_for_thirty(portal, world):
    number = apply(portal, world)
    portal.post("/status", data={"number": number, "phone": GIVEN["phone"]})
    world.later(minutes=11)
    assert portal.post("/status/code", data={"code": code_sent(world)}).status_code == 422
    enter(portal, world, number)
    world.later(minutes=31)
    assert portal.get("/status/application").url.path == "/status"


def test_a_code_opens_only_the_visit_that_asked_for_it(portal, world, house):
    number = apply(portal, world)
    portal.post("/status", data={"number": number, "phone": GIVEN["phone"]})
    code = code_sent(world)
    portal.cookies.clear()
    assert portal.post("/status/code", data={"code": code}).status_code == 422


def test_a_number_with_a_typing_error_is_told_at_once(portal):
    answer = portal.post("/status", data={"number": "26-1994-3645", "phone": "0555"})
    assert answer.status_code == 422
    assert "Numara hatalı" in answer.text


def test_too_many_codes_are_not_sent(portal, world):
    number = apply(portal, world)
    before = len(world.gateway.taken)
    for _ in range(9):
        portal.post("/status", data={"number": number, "phone": GIVEN["phone"]})
    assert len(world.gateway.taken) - before <= 5


def test_a_message_and_a_file_land_and_join(portal, world):
    number = apply(portal, world)
    page = enter(portal, world, number)
    file = ("attached", ("ek.pdf", b"%PDF-1.4 ek", "application/pdf"))
    said = {"key": key_of(page.text), "text": "Dekontu da ekliyorum."}
    added = portal.post("/status/application/message", data=said, files=[file])
    assert "Ekledik" in added.text
    assert "İletiniz eklendi" in added.text
    portal.post("/status/application/message", data=said)
    [application] = world.applications()
    assert (application["message_count"], application["attachment_count"]) == (2, 1)
    empty = portal.post("/status/application/message", data={"key": key_of(added.text)})
    assert empty.status_code == 422


@pytest.mark.parametrize("verdict", ["accepted", "rejected"])
def test_the_applicant_says_whether_the_answer_satisfied(portal, world, verdict):
    number = apply(portal, world)
    page = enter(portal, world, number)
    assert "memnun musunuz" not in page.text
    early = portal.post("/status/application/verdict", data={"verdict": verdict})
    assert "teşekkür" not in early.text
    answered(world)
    assert "memnun musunuz" in portal.get("/status/application").text
    thanked = portal.post("/status/application/verdict", data={"verdict": verdict})
    assert "teşekkür" in thanked.text
    assert "memnun musunuz" not in thanked.text


def answered(world):
    """As a handler would: the answer went out."""
    [application] = world.applications()
    with world.database.write() as connection:
        applications.lock(connection, [application["id"]])
        connection.exec_driver_sql("update application set status = 'answered'")
        events.append(connection, [Event(application["id"], "answered")], world.moment)


def test_somebody_without_a_visit_is_asked_for_a_number(portal):
    assert portal.get("/status/application").url.path == "/status"
    for path in ("message", "verdict"):
        assert portal.post(f"/status/application/{path}", data={"text": "x"}).url.path == "/status"


def test_leaving_ends_the_visit(portal, world):
    number = apply(portal, world)
    enter(portal, world, number)
    portal.post("/status/leave")
    assert portal.get("/status/application").url.path == "/status"
