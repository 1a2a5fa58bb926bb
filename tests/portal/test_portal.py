import pytest
from peers.world import mail
from starlette.testclient import TestClient

from portal.app import Services, make_app
from portal.sms_hooks import LARGEST_CALLBACK
from storage.engine import Database

TEXT = "Hasar dosyam sonuçlanmadı, bilgi verilmesini rica ederim. Cep: 0555 000 12 34"


def test_the_page_shows_applications_in_turkish_and_escapes_what_people_wrote(world, signed_in):
    world.receive(mail(TEXT, key="1", subject="<script>alert(1)</script>"))
    page = signed_in("supervisor").get("/staff/applications")
    assert "26-1994-3644" in page.text
    assert "Kayda alındı" in page.text
    assert "<script>alert" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_health_and_readiness_are_told_apart(portal, tmp_path):
    assert portal.get("/healthz").status_code == 200
    assert portal.get("/readyz").status_code == 200
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    unused = lambda *_: None  # noqa: E731
    services = Services(empty, unused, unused, unused, unused)
    assert TestClient(make_app(services)).get("/readyz").status_code == 503


@pytest.mark.parametrize("path", ["/hooks/sms/kannel/bv1/wrong", "/hooks/sms/kannel/wrong"])
def test_an_address_that_we_did_not_make_is_not_found(portal, path):
    assert portal.get(path).status_code == 404


def test_a_receipt_is_stored_and_read(world, portal):
    from workers.gateways.contract import Delivery, Receipt

    world.receive(mail(TEXT, key="1"))
    [sms] = world.gateway.taken
    world.gateway.receipts_of = [Receipt(Delivery.DELIVERED, reference="somebody-elses")]
    answer = portal.get(f"/hooks/sms/kannel/{sms.reference}/sig-sms-kannel-{sms.reference}?type=1")
    assert answer.status_code == 200
    [one] = world.applications()
    assert one["acknowledgement"]["state"] == "delivered"


def test_a_callback_that_is_too_large_is_refused(portal):
    body = b"x" * (LARGEST_CALLBACK + 1)
    assert portal.post("/hooks/sms/kannel/sig-sms-kannel", content=body).status_code == 413
