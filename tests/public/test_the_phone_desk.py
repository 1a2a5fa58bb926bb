"""The phone desk: calls that are told of, and what is written down during them."""

import hmac
import json
from dataclasses import replace

import pytest
from peers.staff import client_of, colleague
from public_forms import key_of, number_of
from starlette.testclient import TestClient

from portal.app import make_app
from storage import calls, tasks, viewlog

SECRET = "call secret"
BEARER = {"authorization": f"Bearer {SECRET}"}
CALLER = "0555 000 12 34"


@pytest.fixture
def pbx(house):
    """The telephone system."""
    client = TestClient(make_app(house))

    def tell(event, call_id="c1", headers=BEARER, **more):
        said = {"event": event, "call_id": call_id} | more
        return client.post("/hooks/calls/phone", json=said, headers=headers)

    return tell


@pytest.fixture
def agent(house, portal):
    client = client_of(portal, colleague(house, "handler", login="ayse"))
    client.follow_redirects = True
    return client


def line(house):
    with house.database.read() as connection:
        return [
            (one.state, one.caller)
            for one in calls.at_the_line(connection, "ayse", house.now().replace(year=2020))
        ]


def call_backs(house):
    with house.database.read() as connection:
        return tasks.open_ones(connection, kind="call_back")


def entry(agent, world, **said):
    page = agent.get("/staff/phone").text
    world.later(seconds=40)
    given = {
        "key": key_of(page),
        "phone": CALLER,
        "name": "Deneme Kişi",
        "text": "Çekici iki saattir gelmedi, yolda bekliyorum.",
        "medium": "phone",
    }
    return agent.post("/staff/phone", data=given | said)


def test_a_call_rings_is_answered_and_ends(pbx, house):
    assert pbx("ring", **{"from": CALLER, "to": "4440123"}).status_code == 204
    assert line(house) == [("ringing", "+905550001234")]
    pbx("answer", agent="ayse")
    assert line(house) == [("answered", "+905550001234")]
    pbx("end", recording="kayit/2026/c1.wav")
    assert line(house) == []
    assert call_backs(house) == []


def test_a_missed_call_is_one_task_until_the_caller_was_reached(pbx, house, agent):
    for number in ("c1", "c2"):
        pbx("ring", number, **{"from": CALLER})
        pbx("failed", number)
    pbx("failed", "c2")
    [task] = call_backs(house)
    assert (task.due_at - house.now()).total_seconds() == 3600
    page = agent.get("/staff/phone/call-backs").text
    assert "2 kez aradı" in page
    pbx("ring", "c3", **{"from": CALLER})
    pbx("answer", "c3", agent="ayse")
    assert call_backs(house) == []


def test_a_call_back_is_closed_by_who_made_it(pbx, house, agent):
    pbx("ring", **{"from": CALLER})
    pbx("end")
    [task] = call_backs(house)
    agent.post(f"/staff/phone/call-backs/{task.id}/done")
    assert call_backs(house) == []
    with house.database.read() as connection:
        assert tasks.find(connection, task.id).done_by == "staff:ayse"


def test_who_withheld_the_number_cannot_be_called_back(pbx, house):
    pbx("ring", **{"from": "anonymous"})
    pbx("failed")
    assert call_backs(house) == []


def test_events_are_proved_by_the_secret_or_a_signature(pbx, house):
    client = TestClient(make_app(house))
    body = json.dumps({"event": "ring", "call_id": "c9"}).encode()
    right = hmac.digest(SECRET.encode(), body, "sha256").hex()
    for headers, status in (
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": "Basic eDp3cm9uZw=="}, 401),
        ({"authorization": "Basic eDpjYWxsIHNlY3JldA=="}, 204),
        ({"x-signature": "sha256=" + "0" * 64}, 401),
        ({"x-signature": f"sha256={right}"}, 204),
    ):
        answer = client.post("/hooks/calls/phone", content=body, headers=headers)
        assert answer.status_code == status, headers
    assert client.post("/hooks/calls/other", content=body, headers=BEARER).status_code == 404
    for broken in (b"", b"[]", b'{"event": "ring"}', b'{"event": "x", "call_id": "1"}'):
        answer = client.post("/hooks/calls/phone", content=broken, headers=BEARER)
        assert answer.status_code == 400


def test_without_a_secret_no_event_is_taken(house):
    name, settings = house.intake.phone
    open_house = replace(
        house,
        intake=replace(house.intake, phone=(name, settings.model_copy(update={"secret": NO}))),
    )
    client = TestClient(make_app(open_house))
    said = {"event": "ring", "call_id": "c1"}
    empty = {"authorization": "Bearer "}
    assert client.post("/hooks/calls/phone", json=said, headers=empty).status_code == 401


NO = type("Empty", (), {"get_secret_value": lambda self: ""})()


def test_what_a_colleague_writes_down_has_its_number_on_the_next_page(agent, world):
    page = entry(agent, world, type="complaint")
    assert "Numarayı okuyun" in page.text
    assert "SMS gönderiliyor" in page.text
    [application] = world.applications()
    assert number_of(page.text).replace("-", "") == application["number"]
    assert (application["channel"], application["type"]) == ("phone", "complaint")
    world.drain()
    assert world.gateway.taken[0].to == "+905550001234"


def test_the_caller_is_recognised_and_the_entry_joins_what_was_chosen(agent, world, house):
    number = number_of(entry(agent, world, subject="Çekici gelmedi").text)
    shown = agent.post("/staff/phone/caller", data={"phone": CALLER}).text
    assert number in shown
    assert "D*** K***" in shown
    assert "Deneme Kişi" not in shown
    page = entry(agent, world, text="Aynı konuda yeniden aradı, hâlâ bekliyor.", joins=number)
    assert "bu başvuruya eklendi" in page.text
    [application] = world.applications()
    assert application["message_count"] == 2
    with house.database.read() as connection:
        rows = list(connection.exec_driver_sql("select what, login from view_log"))
    assert ("viewed", "ayse") in [tuple(one) for one in rows]
    assert viewlog


def test_the_call_and_its_recording_are_kept_with_the_application(agent, world, pbx, house):
    pbx("ring", **{"from": CALLER})
    pbx("answer", agent="ayse", recording="kayit/c1.wav")
    with house.database.read() as connection:
        [call] = calls.at_the_line(connection, "ayse", house.now().replace(year=2020))
    assert CALLER.replace(" ", "")[1:] in agent.get(f"/staff/phone?call={call.id}").text
    entry(agent, world, call=str(call.id))
    [application] = world.applications()
    with house.database.read() as connection:
        assert calls.find(connection, call.id).application_id == application["id"]
        document = connection.exec_driver_sql("select document from message").scalar()
    document = json.loads(document) if isinstance(document, str) else document
    assert document["form"]["recording"] == "kayit/c1.wav"


def test_a_letter_by_hand_counts_from_the_day_it_was_delivered(agent, world):
    delivered = world.moment.replace(hour=8).strftime("%Y-%m-%dT%H:%M")
    entry(agent, world, medium="post", received=delivered)
    [application] = world.applications()
    assert application["channel"] == "post"
    assert application["received_at"].strftime("%Y-%m-%dT%H:%M")[:10] == delivered[:10]
    wrong = entry(agent, world, received="2099-01-01T00:00")
    assert "gelecekte" in wrong.text


def test_a_draft_is_there_again_and_gone_when_it_was_sent(agent, world):
    key = key_of(agent.get("/staff/phone").text)
    agent.post("/staff/phone/draft", data={"key": key, "text": "Yarım kalan bir cümle"})
    again = agent.get("/staff/phone").text
    assert "Yarım kalan bir cümle" in again
    assert key_of(again) == key
    entry(agent, world)
    assert "Yarım kalan" not in agent.get("/staff/phone").text


def test_what_is_missing_is_said(agent, world):
    page = entry(agent, world, text="", phone="12", joins="123")
    assert page.status_code == 422
    for text in ("Ne söylediğini yazın", "geçerli görünmüyor", "Başvuru numarası hatalı"):
        assert text in page.text
    assert world.applications() == []
