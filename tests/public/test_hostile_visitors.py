"""What visitors send who look for holes: refused in words, stored harmlessly, never a failure."""

import pytest
from public_forms import GIVEN, key_of, number_of
from sqlalchemy import select

from storage import tables as t

NUL = "%00"
ODD = (
    "\0 boş karakter",
    "\u202eters\u200f yazı 😀",
    "İıŞşĞğ" * 5,
    "<script>alert(1)</script>{{7*7}}",
)


def key_and_time(portal, world):
    key = key_of(portal.get("/apply").text)
    world.later(minutes=25)
    return key


@pytest.mark.parametrize(
    "path",
    [
        f"/apply/received/{NUL}",
        f"/apply/puzzle?key={NUL}",
        f"/anket/{NUL}",
        f"/iletisim/{NUL}",
        f"/uploads/{NUL}",
        f"/api/v1/receipts/{NUL}",
        f"/status?number={NUL}",
        f"/static/{NUL}",
    ],
)
def test_an_address_that_no_browser_makes_is_refused(portal, path):
    assert portal.get(path).status_code == 400


def test_a_character_that_no_database_takes_is_the_visitors_to_mend(portal, world):
    key = key_and_time(portal, world)
    sent = portal.post("/apply", data=GIVEN | {"key": key, "upload": "a\0b"})
    assert sent.status_code in (200, 400)
    signing_in = portal.post("/staff/sign-in", data={"login": "a\0b", "password": "x"})
    assert signing_in.status_code in (400, 401)


def test_a_form_key_has_one_spelling(portal, world):
    key = key_and_time(portal, world)
    assert portal.post("/apply", data=GIVEN | {"key": key}).status_code == 200
    for other in (f"{key[:9]}****{key[9:]}", f"{key[:9]}\r\n\r\n{key[9:]}", f"{key}===="):
        assert portal.post("/apply", data=GIVEN | {"key": other}).status_code == 422
        assert portal.get("/apply/puzzle", params={"key": other}).status_code == 404
    with world.database.read() as connection:
        assert len(connection.execute(select(t.raw_item.c.id)).all()) == 1


@pytest.mark.parametrize("charset", ["unicode_escape", "punycode", "undefined", "utf-16"])
def test_a_form_in_an_encoding_of_the_senders_choice_is_refused(portal, charset):
    part = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\\ud800\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    sent = portal.post("/apply", content=part, headers={"content-type": kind})
    assert sent.status_code == 400


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("field", ["subject", "text", "name", "policy", "claim"])
def test_whatever_is_written_becomes_an_application(portal, world, field, value):
    key = key_and_time(portal, world)
    sent = portal.post("/apply", data=GIVEN | {"key": key, field: value * 2})
    assert number_of(sent.text)
    assert len(world.applications()) == 1
    assert world.quarantine() == {}
    assert "<script>alert" not in sent.text


def test_a_file_is_called_by_what_is_in_it(portal, world):
    key = key_and_time(portal, world)
    sent = [
        ("fatura.pdf.vbs", b"WScript.Echo 1"),
        ("foto.exe", b"\xff\xd8\xff\xe0 jpeg"),
        ("../../etc/passwd", b"%PDF-1.4 x"),
        ("TARAMA.PDF", b"%PDF-1.4 y"),
    ]
    files = [("attached", (name, body, "application/pdf")) for name, body in sent]
    assert number_of(portal.post("/apply", data=GIVEN | {"key": key}, files=files).text)
    with world.database.read() as connection:
        names = connection.execute(select(t.attachment.c.name)).scalars().all()
    expected = ["TARAMA.PDF", "fatura.pdf.vbs.txt", "foto.exe.jpg", "passwd.pdf"]
    assert sorted(names) == expected


def test_without_a_mobile_number_the_number_goes_by_mail(portal, world):
    key = key_and_time(portal, world)
    contact = {"phone": "", "email": "deneme.kisi@example.test"}
    sent = portal.post("/apply", data=GIVEN | {"key": key} | contact)
    assert number_of(sent.text)
    [application] = world.applications()
    assert application["acknowledgement"]["channel"] == "email"
    assert world.gateway.taken == []


def test_wrong_forms_do_not_fill_the_disk(portal, world, monkeypatch):
    from portal.public import files

    monkeypatch.setattr(files, "MOST_WAITING", 20)
    sent = [("attached", ("dekont.pdf", b"%PDF-1.4 " + b"x" * 40, "application/pdf"))]
    for _ in range(3):
        key = key_and_time(portal, world)
        refused = portal.post("/apply", data=GIVEN | {"key": key, "name": ""}, files=sent)
        assert refused.status_code == 422
    with world.database.read() as connection:
        assert len(connection.execute(select(t.upload.c.id)).all()) == 1
    assert "daha sonra" in refused.text
    key = key_and_time(portal, world)
    assert number_of(portal.post("/apply", data=GIVEN | {"key": key}, files=sent).text)


def test_forms_with_files_are_counted_whether_right_or_wrong(portal, world):
    files = [("attached", ("a.pdf", b"%PDF-1.4", "application/pdf"))]
    answers = [portal.post("/apply", data={"key": "x"}, files=files).status_code for _ in range(61)]
    assert answers == [422] * 60 + [429]
