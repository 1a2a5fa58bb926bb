"""Pages behind one-time links: contact details, and the survey."""

from peers.world import mail

from cases import contact_links


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
