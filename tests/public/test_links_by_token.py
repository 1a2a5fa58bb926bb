"""Pages behind one-time links: contact details, and the survey."""

from dataclasses import replace

import pytest
from peers.answering import an_application, answer, data_of, outbox
from peers.world import mail

from cases import contact_links
from cases.answers import closing, surveys
from cases.answers.closing import Closing


def recorded(world):
    [application] = world.receive(mail("Hasar ödemem yapılmadı, bekliyorum.", key="1"))
    return application


def test_contact_details_are_given_once(portal, world):
    application = recorded(world)
    with world.database.write() as connection:
        issued = contact_links.issue(connection, application["id"], None, world.moment)
    address = f"/iletisim/{issued.token}"
    page = portal.get(address)
    assert page.status_code == 200
    assert application["number"][2:6] in page.text
    wrong = portal.post(address, data={"phone": "0216 000 00 00"})
    assert wrong.status_code == 422
    given = portal.post(address, data={"phone": "0555 000 12 34", "name": "Deneme Kişi"})
    assert "Teşekkür ederiz" in given.text
    assert world.applications()[0]["applicant"]["phone"] == "+905550001234"
    assert portal.get(address).status_code == 410
    assert portal.get("/iletisim/nobody").status_code == 404


def test_an_unknown_survey_is_closed(portal):
    assert portal.get("/anket/nobody").status_code == 410
    answer = portal.post("/anket/nobody", data={"score": "5", "recommends": "9"})
    assert answer.status_code == 410
    assert portal.post("/anket/nobody", data={"score": "6"}).status_code == 422


@pytest.fixture
def survey(world):
    """The address of a survey that was sent to an applicant, and the application."""
    one = an_application(world)
    answer(world, one)
    with world.database.write() as connection:
        closing.close(connection, one, Closing("accepted"), by="staff:elif", now=world.moment)
    world.later(days=2)
    asking = replace(world.tools.office, survey=True)
    with world.database.write() as connection:
        surveys.invite(connection, one, asking, world.moment)
    [row] = [row for purpose, row in outbox(world, one).items() if purpose.startswith("survey")]
    return "/anket/" + row["text"].partition("/anket/")[2].split()[0], one


def test_a_survey_is_answered_once_and_says_nothing_of_the_application(portal, world, survey):
    address, one = survey
    page = portal.get(address)
    assert page.status_code == 200
    assert world.applications()[0]["number"][2:6] not in page.text
    assert "Deneme" not in page.text
    missing = portal.post(address, data={"recommends": "9", "comment": "Hızlıydı"})
    assert missing.status_code == 422
    for mark in ("0", "6", "-1", "5.0", "٥", ""):
        assert portal.post(address, data={"score": mark}).status_code == 422
    said = {"score": "4", "recommends": "11", "comment": "<b>Hızlıydı</b>\0" + "x" * 5_000}
    assert portal.post(address, data=said).status_code == 200
    told = data_of(world, one, "survey_answered")
    assert (told["score"], told["recommends"]) == (4, None)
    assert "Hızlı" not in str(told)
    assert portal.get(address).status_code == 410
    assert portal.post(address, data=said).status_code == 410


def test_a_survey_ends_with_its_time(portal, world, survey):
    address, _ = survey
    world.later(days=90)
    assert portal.get(address).status_code == 410
    assert portal.post(address, data={"score": "5"}).status_code == 410
