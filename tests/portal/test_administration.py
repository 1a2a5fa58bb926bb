"""Accounts, departments and the record of views, as administrators and auditors use them."""

import re

import pytest
from peers.world import mail

from cases.revealing import NoReason, reveal, view
from storage import departments, staff, viewlog
from storage.tables import event, view_log
from storage.viewlog import View

NEW = {"login": "yeni", "name": "Yeni Kişi", "roles": ["handler"], "department": "hukuk"}


@pytest.fixture
def administrator(signed_in):
    return signed_in("administrator")


def account(house, login="yeni"):
    with house.database.read() as connection:
        return staff.find(connection, login)


def records(house):
    with house.database.read() as connection:
        return [(row["what"], row["data"]) for row in viewlog.rows(connection)]


def test_a_new_account_comes_with_a_link_that_is_shown_once(administrator, house, portal) -> None:
    page = administrator.post("/staff/people/new", data=NEW)
    [path] = re.findall(r'value="http[^"]*(/staff/invitation/[^"]+)"', page.text)
    assert "Yeni Kişi" in portal.get(path).text
    assert path not in administrator.get(f"/staff/people/{account(house).id}").text
    assert (account(house).roles, account(house).department) == (["handler"], "hukuk")
    assert records(house)[0] == ("staff_changed", {"account": "yeni", "made": ["handler"]})


@pytest.mark.parametrize(
    "wrong",
    [{"login": "a b"}, {"name": ""}, {"roles": []}, {"department": "no-such"}, {"login": "x"}],
)
def test_what_is_wrong_with_an_account_is_said_beside_it(administrator, house, wrong) -> None:
    page = administrator.post("/staff/people/new", data=NEW | wrong)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert account(house) is None


def test_a_login_is_taken_once(administrator, house) -> None:
    administrator.post("/staff/people/new", data=NEW)
    assert administrator.post("/staff/people/new", data=NEW | {"login": "YENI"}).status_code == 422


def test_a_role_that_is_none_is_refused(administrator) -> None:
    assert (
        administrator.post("/staff/people/new", data=NEW | {"roles": ["king"]}).status_code == 422
    )


def test_an_account_is_changed_disabled_enabled_and_reset(administrator, house, portal) -> None:
    administrator.post("/staff/people/new", data=NEW)
    one = f"/staff/people/{account(house).id}"
    changed = {"name": "Başka Ad", "roles": ["auditor", "supervisor"]}
    assert administrator.post(one, data=changed).status_code == 303
    assert (account(house).name, account(house).roles) == ("Başka Ad", ["auditor", "supervisor"])
    administrator.post(f"{one}/disable")
    assert account(house).disabled_at is not None
    assert "kapalı" in administrator.get("/staff/people").text
    administrator.post(f"{one}/enable")
    assert account(house).disabled_at is None
    assert "/staff/invitation/" in administrator.post(f"{one}/reset").text


def test_nobody_shuts_oneself_out(administrator, house) -> None:
    own = account(house, "administrator")
    assert administrator.post(f"/staff/people/{own.id}/disable").status_code == 409
    data = {"name": "Ad", "roles": ["handler"]}
    assert administrator.post(f"/staff/people/{own.id}", data=data).status_code == 422


def test_departments_come_with_the_product_and_are_edited(administrator, house) -> None:
    assert "Müşteri Hizmetleri" in administrator.get("/staff/departments").text
    new = {
        "code": "yeni-birim",
        "name_tr": "Yeni Birim",
        "name_en": "New",
        "email": "a@example.test",
    }
    assert administrator.post("/staff/departments/new", data=new).status_code == 303
    changed = new | {"name_tr": "Daha Yeni", "escalates_to": "hukuk"}
    administrator.post("/staff/departments/yeni-birim", data=changed)
    with house.database.read() as connection:
        found = departments.one(connection, "yeni-birim")
    assert (found.name("tr"), found.name("en"), found.escalates_to) == ("Daha Yeni", "New", "hukuk")
    administrator.post("/staff/departments/yeni-birim/close")
    with house.database.read() as connection:
        assert "yeni-birim" not in {one.code for one in departments.every(connection)}
    administrator.post("/staff/departments/yeni-birim/open")
    with house.database.read() as connection:
        assert "yeni-birim" in {one.code for one in departments.every(connection)}


@pytest.mark.parametrize(
    "wrong", [{"code": "Yeni"}, {"code": "hukuk"}, {"name_en": ""}, {"escalates_to": "none"}]
)
def test_what_is_wrong_with_a_department_is_said(administrator, wrong) -> None:
    new = {"code": "yeni-birim", "name_tr": "Yeni", "name_en": "New"} | wrong
    assert administrator.post("/staff/departments/new", data=new).status_code == 422


def test_a_view_and_an_unmasking_are_recorded_with_the_reason(world, house, signed_in) -> None:
    [application] = world.receive(mail("Hasar dosyam. Cep: 0555 000 12 34", key="1"))
    with house.database.write() as connection:
        view(connection, "deneme", application["id"], "127.0.0.1", house.now())
        reveal(
            connection,
            "deneme",
            application["id"],
            ["phone"],
            reason="  Geri arama  için ",
            place="127.0.0.1",
            now=house.now(),
        )
        last = connection.execute(event.select().order_by(event.c.id.desc())).mappings().first()
    assert (last["kind"], last["actor"], last["data"]) == (
        "revealed",
        "staff:deneme",
        {"fields": ["phone"]},
    )
    page = signed_in("auditor").get("/staff/records").text
    assert "Geri arama için" in page
    assert "26-1994-3644" in page


def test_nothing_is_unmasked_without_a_reason(world, house) -> None:
    [application] = world.receive(mail("Hasar dosyam. Cep: 0555 000 12 34", key="1"))
    with house.database.write() as connection, pytest.raises(NoReason):
        reveal(
            connection,
            "deneme",
            application["id"],
            ["phone"],
            reason=" -   ",
            place="",
            now=house.now(),
        )


def test_the_record_is_shown_page_by_page_and_filtered(house, signed_in) -> None:
    auditor = signed_in("auditor")
    with house.database.write() as connection:
        for number in range(150):
            viewlog.append(connection, View(f"n{number % 2}", "searched"), house.now())
    first = auditor.get("/staff/records").text
    assert first.count("<tr><td") == 100
    [after] = re.findall(r'rel="next" href="([^"]+)"', first)
    assert auditor.get(after.replace("&amp;", "&")).text.count("<tr><td") == 50
    assert auditor.get("/staff/records?login=n1").text.count("<tr><td") == 75
    assert auditor.get("/staff/records?what=viewed").text.count("<tr><td") == 0


@pytest.mark.parametrize("damage", ["changed", "removed", "first"])
def test_a_record_that_was_tampered_with_is_found_out(house, signed_in, damage) -> None:
    auditor = signed_in("auditor")
    with house.database.write() as connection:
        for number in range(5):
            viewlog.append(connection, View("n", "searched", data={"at": number}), house.now())
    assert "Kayıt bütün" in auditor.post("/staff/records/check").text
    with house.database.write() as connection:
        if damage == "changed":
            connection.execute(view_log.update().where(view_log.c.seq == 3).values(login="m"))
        else:
            gone = 3 if damage == "removed" else 1
            connection.execute(view_log.delete().where(view_log.c.seq == gone))
    page = auditor.post("/staff/records/check").text
    assert f"Zincir {1 if damage == 'first' else 3}. satırda kopuk" in page
