"""Pages of supervisors, as they use them: what was sent is in the rows, what is wrong is said."""

import re
from datetime import date, timedelta

import pytest
from peers.answering import a_letter, an_application, answer
from peers.staff import colleague
from sqlalchemy import select, update

from cases.answers import drafting
from cases.answers.standing import CannotDo
from cases.routing import service as routing
from storage import (
    answers,
    causes,
    closing,
    contact,
    keeping,
    letter_texts,
    rules,
    taxonomy,
)
from storage import calendar as calendar_rows
from storage import routing as places
from storage import tables as t
from storage.reporting import keeping as reports


@pytest.fixture
def supervisor(signed_in):
    return signed_in("supervisor")


@pytest.fixture
def read(house):
    """``read(function, ...)``: what the rows say."""

    def look(how, *args, **more):
        with house.database.read() as connection:
            return how(connection, *args, **more)

    return look


def number_of(world, application_id: int) -> str:
    with world.database.read() as connection:
        found = select(t.application.c.number).where(t.application.c.id == application_id)
        return connection.execute(found).scalar_one()


# reports


def test_a_report_is_made_shown_and_taken_and_the_taking_is_logged(supervisor, world, read) -> None:
    an_application(world)
    made = supervisor.post("/staff/reports/make", data={"kind": "daily", "day": "2026-03-10"})
    page = supervisor.get(made.headers["location"])
    assert "Günlük başvuru raporu" in page.text
    assert "figure=received&amp;first=2026-03-10" in page.text
    assert "Dönem içinde kayda alınan başvuruların sayısı" in page.text  # the definition
    address = made.headers["location"]
    assert supervisor.get(f"{address}/files/xlsx").content.startswith(b"PK")
    [taken] = read(reports.exports)
    assert (taken["what"], taken["by"], taken["anonymised"]) == ("report-xlsx", "supervisor", True)
    chart = supervisor.get(f"{address}/charts/trend")
    assert chart.headers["content-type"] == "image/svg+xml"
    assert supervisor.get(f"{address}/charts/nothing").status_code == 404


def test_behind_a_figure_stand_its_applications_without_what_is_restricted(
    supervisor, signed_in, world, house
) -> None:
    first, second = an_application(world), an_application(world, text="Poliçem yok", key="2")
    with house.database.write() as connection:
        keeping.restrict(connection, first, "istek", by="staff:x", now=house.now())
    asked = "/staff/reports/behind?figure=received&first=2026-03-10&last=2026-03-10"
    shown = supervisor.get(asked).text
    assert number_of(world, first) in shown  # supervisors may open what is restricted
    theirs = signed_in("auditor").get(asked).text
    assert number_of(world, first) not in theirs
    assert number_of(world, second) in theirs
    assert "1 başvuruyu görme yetkiniz yok" in theirs


def test_a_list_leaves_anonymised_unless_numbers_are_asked_for(supervisor, world, read) -> None:
    number = number_of(world, an_application(world))
    asked = {"figure": "received", "first": "2026-03-10", "last": "2026-03-10", "form": "csv"}
    plain = supervisor.post("/staff/reports/behind/file", data=asked).text
    shown = f"{number[:2]}-{number[2:6]}-{number[6:]}"
    assert shown not in plain
    assert (
        shown in supervisor.post("/staff/reports/behind/file", data=asked | {"numbers": "yes"}).text
    )
    assert [row["anonymised"] for row in read(reports.exports)] == [False, True]


def test_a_query_is_saved_with_its_rhythm_and_addressees(supervisor, read) -> None:
    asked = {"measure": ["received", "legal"], "by": ["department", ""], "span": "last_month"}
    bad = supervisor.post(
        "/staff/reports/query/save", data=asked | {"name": "Aylık", "recipients": "kimse"}
    )
    assert bad.status_code == 422
    supervisor.post(
        "/staff/reports/query/save",
        data=asked | {"name": "Aylık", "schedule": "monthly", "recipients": "a@example.test"},
    )
    saved = read(reports.choice, "Aylık")
    assert saved["definition"]["by"] == ["department"]
    assert (saved["schedule"], saved["recipients"]) == ("10 7 1 * *", ["a@example.test"])
    assert "Aylık" in supervisor.get("/staff/reports/query").text
    supervisor.post("/staff/reports/query/drop", data={"name": "Aylık"})
    assert read(reports.choice, "Aylık") is None


def test_policies_are_entered_by_branch_and_a_word_is_no_number(supervisor, read) -> None:
    branch = read(taxonomy.entries, "branch")[0].code
    given = {"month": "2026-02", f"policies.{branch}": "12.345", f"claims.{branch}": ""}
    assert supervisor.post("/staff/reports/policies", data=given).status_code == 303
    assert read(reports.policies_of, date(2026, 2, 1)) == {branch: (12345, None)}
    wrong = supervisor.post("/staff/reports/policies", data=given | {f"policies.{branch}": "çok"})
    assert wrong.status_code == 422


def test_marks_of_surveys_are_counted_and_comments_shown(supervisor, world, house) -> None:
    application, now = an_application(world), house.now()
    with house.database.write() as connection:
        values = {"application_id": application, "outcome": "noted", "closed_at": now}
        row = t.closing.insert().values(**values, closed_by="staff:x").returning(t.closing.c.id)
        survey = closing.add_survey(
            connection,
            application_id=application,
            closing_id=connection.execute(row).scalar_one(),
            medium="email",
            sent_at=now,
            expires_at=now,
        )
        said = {"score": 4, "recommends": 9, "comment": "Hızlıydı"}
        closing.answer_survey(connection, survey, now - timedelta(minutes=1), **said)
    page = supervisor.get("/staff/reports/surveys").text
    assert "4,0" in page
    assert "Hızlıydı" in page


# rules, texts, calendar


def test_a_rule_is_tried_before_it_is_written_and_written_rules_are_off(
    supervisor, world, read
) -> None:
    number = number_of(world, an_application(world))
    rule = {"name": "hasar", "condition": 'metin: "hasar dosyam"', "department": "oto-hasar"}
    tried = supervisor.post("/staff/rules/route/new", data=rule | {"do": "try", "days": "30"})
    assert "1 başvurudan 1 tanesine" in tried.text
    assert f"/staff/applications/{number}" in tried.text
    assert read(rules.rule, "route", "hasar") is None
    supervisor.post("/staff/rules/route/new", data=rule | {"do": "save"})
    assert read(rules.rule, "route", "hasar").is_on is False
    supervisor.post("/staff/rules/route/hasar/on")
    assert read(rules.rule, "route", "hasar").is_on is True
    supervisor.post("/staff/rules/route/hasar", data=rule | {"do": "save", "note": "daha dar"})
    assert read(rules.rule, "route", "hasar").is_on is False
    assert len(read(rules.history, "route", "hasar")) == 3


def test_a_condition_that_makes_no_sense_is_said_at_its_place(supervisor) -> None:
    rule = {"name": "bozuk", "condition": "metin: hasar ve", "department": "oto-hasar"}
    answer = supervisor.post("/staff/rules/route/new", data=rule | {"do": "save"})
    assert answer.status_code == 422
    assert "Koşul 16. karakterden sonra okunamadı" in answer.text


def test_an_approval_rule_holds_at_once_and_can_be_ended(supervisor, read) -> None:
    supervisor.post("/staff/rules/approval", data={"position": "rejected", "redress_from": "500"})
    [(rule_id, rule)] = read(answers.approval_rules).items()
    assert (rule.position, rule.redress_from, rule.type) == ("rejected", 50_000, None)
    supervisor.post(f"/staff/rules/approval/{rule_id}/end")
    assert read(answers.approval_rules) == {}


def test_a_deadline_rule_gets_a_new_version_and_keeps_the_old_one(supervisor) -> None:
    given = {
        "condition": "always",
        "length": "12",
        "unit": "working_days",
        "start": "received",
        "source": "Karar 1",
        "note": "deneme",
    }
    assert supervisor.post("/staff/rules/deadlines/insurer-15", data=given).status_code == 303
    page = supervisor.get("/staff/rules/deadlines/insurer-15").text
    assert "Karar 1" in page
    assert page.count("<tr>") >= 3
    for wrong in ({"condition": "("}, {"source": ""}, {"length": "0"}):
        bad = supervisor.post("/staff/rules/deadlines/insurer-15", data=given | wrong)
        assert bad.status_code == 422


def test_a_topic_is_added_renamed_and_retired_with_its_sub_topics(supervisor, read) -> None:
    new = {"code": "deneme", "name_tr": "Deneme", "name_en": "Trial"}
    supervisor.post("/staff/taxonomy/topic", data=new)
    supervisor.post("/staff/taxonomy/topic", data=new | {"code": "deneme/alt"})
    assert read(taxonomy.entry, "topic", "deneme/alt").parent == "deneme"
    supervisor.post("/staff/taxonomy/topic/retire", data={"code": "deneme"})
    assert {"deneme", "deneme/alt"} <= {one.code for one in read(taxonomy.retired, "topic")}
    assert "deneme/alt" in supervisor.get("/staff/taxonomy/topic").text
    bad = supervisor.post("/staff/taxonomy/topic", data=new | {"code": "Böyle Olmaz"})
    assert bad.status_code == 422


def test_a_text_is_looked_at_saved_and_the_shipped_one_restored(supervisor, read) -> None:
    address = "/staff/texts/decision/written/tr"
    body = "{salutation}\n\n{number} {decision} {reasons} {remedies}\n\n{company}"
    given = {"title": "Karar", "subject": "Yanıt", "body": body}
    assert "Sayın Deneme Kişi," in supervisor.post(address, data=given | {"do": "look"}).text
    refused = supervisor.post(address, data=given | {"body": "{nothing}", "do": "save"})
    assert refused.status_code == 422
    assert "{nothing}" in refused.text
    assert supervisor.post(address, data=given | {"do": "save"}).status_code == 303
    supervisor.post(f"{address}/restore")
    versions = read(letter_texts.versions, "decision", "written", "tr")
    assert [one.retired for one in versions] == [True, False]


def test_the_calendar_warns_of_its_end_and_takes_a_day(signed_in, world, read) -> None:
    last = read(calendar_rows.last_year)
    assert "ay kaldı" not in signed_in("supervisor").get("/staff/calendar").text
    world.later(days=366 * (last - 2026))
    supervisor = signed_in("supervisor")
    assert "ay kaldı" in supervisor.get("/staff/calendar").text
    day = {"day": f"{last}-05-25", "kind": "half", "name": "İdari izin"}
    assert supervisor.post("/staff/calendar/day", data=day | {"name": ""}).status_code == 422
    supervisor.post("/staff/calendar/day", data=day)
    assert "elle: supervisor" in supervisor.get(f"/staff/calendar?year={last}").text
    assert supervisor.post("/staff/calendar/year", data={"year": last + 1}).status_code == 422


# the day, actions, letters, duties


def test_a_handler_sees_the_day_of_the_own_department_only(signed_in, world, house) -> None:
    first, second = an_application(world), an_application(world, text="Poliçem yok", key="2")
    with house.database.write() as connection:
        for id_, department in ((first, "hukuk"), (second, "oto-hasar")):
            places.put(connection, id_, department=department, assignee=None)
        connection.execute(update(t.clock).values(due_at=house.now() - timedelta(hours=1)))
    page = signed_in("handler", department="hukuk").get("/staff/day?department=oto-hasar").text
    assert number_of(world, first) in page
    assert number_of(world, second) not in page


def test_an_action_goes_from_opening_to_its_evidence(supervisor, world, read) -> None:
    number = number_of(world, an_application(world))
    cause = read(taxonomy.entries, "cause")[0].code
    new = {
        "title": "Süreyi kısalt",
        "kind": "corrective",
        "cause": cause,
        "department": "hukuk",
        "owner": "supervisor",
        "due_on": "2026-04-01",
        "sources": number,
    }
    assert supervisor.post("/staff/actions/new", data=new | {"due_on": ""}).status_code == 422
    wrong = supervisor.post("/staff/actions/new", data=new | {"sources": "26-0000-0000"})
    assert "Bu numaralardan birinde başvuru yok" in wrong.text
    address = supervisor.post("/staff/actions/new", data=new).headers["location"]
    assert supervisor.post(f"{address}/done", data={"text": ""}).status_code == 422
    supervisor.post(f"{address}/postpone", data={"text": "izin", "due_on": "2026-05-01"})
    supervisor.post(f"{address}/done", data={"text": "Ekran açıldı"})
    [action] = read(causes.improvements)
    assert (action["state"], action["sources"]) == ("done", 1)
    assert "söylemek için erken" in supervisor.get(address).text
    supervisor.post(f"{address}/verdict/ineffective")
    assert read(causes.improvement, action["id"])["state"] == "open"


def test_a_letter_is_printed_posted_and_owed_again_when_it_comes_back(
    supervisor, world, house, read
) -> None:
    answer(world, an_application(world), **a_letter())
    [letter] = read(contact.letters, ["made"])
    object.__setattr__(house, "raw", world.blobs.get)
    pdf = supervisor.get(f"/staff/letters/{letter.outbox_id}/pdf")
    assert pdf.content.startswith(b"%PDF")
    step = f"/staff/letters/{letter.outbox_id}"
    supervisor.post(f"{step}/printed")
    supervisor.post(f"{step}/posted", data={"tracking": "RR1"})
    assert supervisor.post(f"{step}/printed").status_code == 409
    supervisor.post(f"{step}/returned")
    assert [one.state for one in read(contact.letters, ["returned"])] == ["returned"]
    assert "Ulaşmayan cevap yok" not in supervisor.get("/staff/duties").text


def test_a_duty_says_what_to_do_and_a_person_meets_it(supervisor, world) -> None:
    world.receive(_without_contact())
    page = supervisor.get("/staff/duties").text
    [number] = re.findall(r'action="/staff/duties/(\d+)/met"', page)
    assert "Cep telefonu veya e-posta bulunamadı." in page
    assert supervisor.post(f"/staff/duties/{number}/met", data={}).status_code == 422
    supervisor.post(f"/staff/duties/{number}/met", data={"how": "told_by_phone"})
    assert "Açık bildirim yok" in supervisor.get("/staff/duties").text
    again = supervisor.post(f"/staff/duties/{number}/met", data={"how": "told_by_phone"})
    assert again.status_code == 409


def _without_contact():
    from peers.world import mail

    return mail("Hasarım ödenmedi.", key="9", headers={"From": "yok", "Auto-Submitted": "no"})


# who is away, who must not decide, outside proceedings, data protection


def test_a_handler_writes_down_the_own_absence_and_no_other(signed_in, house, read) -> None:
    colleague(house, "supervisor")
    handler = signed_in("handler")
    days = {"first_day": "2026-03-11", "last_day": "2026-03-12", "deputy": "supervisor"}
    assert handler.post("/staff/absences", data=days | {"login": "supervisor"}).status_code == 403
    assert handler.post("/staff/absences", data=days).status_code == 303
    assert read(places.absent, date(2026, 3, 11)) == {"handler": "supervisor"}
    backwards = handler.post("/staff/absences", data=days | {"last_day": "2026-03-01"})
    assert backwards.status_code == 422
    [absence] = read(places.absences, date(2026, 3, 10))
    handler.post(f"/staff/absences/{absence['id']}/drop")
    assert read(places.absences, date(2026, 3, 10)) == []


def test_whoever_is_in_conflict_cannot_approve(supervisor, world, house) -> None:
    application = an_application(world)
    colleague(house, "supervisor", login="sef")
    data = {"number": number_of(world, application), "login": "sef", "reason": "Şikâyet edilen"}
    assert supervisor.post("/staff/conflicts", data=data | {"reason": ""}).status_code == 422
    assert supervisor.post("/staff/conflicts", data=data).status_code == 303
    with house.database.write() as connection:
        rule = answers.ApprovalRule()
        answers.add_approval_rule(connection, rule, by="staff:x", now=house.now())
        assert not routing.may_decide(connection, application, "sef")
    waiting = answer(world, application)
    with house.database.write() as connection, pytest.raises(CannotDo, match="complained about"):
        drafting.approve(connection, waiting, world.tools.office, by="staff:sef", now=house.now())


def test_a_proceeding_holds_the_application_until_its_outcome_is_written(
    supervisor, world, read
) -> None:
    application = an_application(world)
    given = {
        "number": number_of(world, application),
        "kind": "court",
        "file_number": "2026/0",
        "opened_on": "2026-03-09",
    }
    supervisor.post("/staff/proceedings", data=given)
    second = supervisor.post("/staff/proceedings", data=given | {"kind": "arbitration"})
    assert second.status_code == 422
    [held] = read(keeping.held)
    lifted = supervisor.post(f"/staff/data-protection/{held['application_id']}/lift-hold")
    assert lifted.status_code == 422
    page = supervisor.get("/staff/proceedings").text
    [id_] = re.findall(r"/staff/proceedings/(\d+)/end", page)
    ended = {"outcome": "against_us", "awarded": "1000", "closed_on": "2026-03-10"}
    supervisor.post(f"/staff/proceedings/{id_}/end", data=ended)
    assert "1.000,00 ₺" in supervisor.get("/staff/proceedings?ended=1").text
    supervisor.post(f"/staff/data-protection/{held['application_id']}/lift-hold")
    assert read(keeping.held) == []


def test_what_is_held_or_restricted_has_a_reason_and_is_on_record(supervisor, world, read) -> None:
    number = number_of(world, an_application(world, type_="data_protection"))
    given = {"what": "restrict", "number": number, "reason": "Silme istendi"}
    assert supervisor.post("/staff/data-protection", data=given | {"reason": ""}).status_code == 422
    supervisor.post("/staff/data-protection", data=given)
    [row] = read(keeping.restricted)
    assert row["restrict_reason"] == "Silme istendi"
    assert number in supervisor.get("/staff/data-protection").text
    supervisor.post(f"/staff/data-protection/{row['application_id']}/unrestrict")
    assert read(keeping.restricted) == []
