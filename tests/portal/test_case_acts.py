"""Each act on the page of an application: it does what it says, and refuses what makes no sense."""

from dataclasses import dataclass

import pytest
from peers.answering import ANSWER, answer, data_of, history, status
from peers.world import World, mail
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from cases.answers import closing as ends
from cases.answers import drafting, proceedings
from cases.answers.deciding import InConflict
from cases.routing import service as routing
from ingest.contract import RawItem
from storage import answers, applications, closing, contact, dossier, tasks, taxonomy
from storage import tables as t
from storage.answers import ApprovalRule

SAID = "Hasar dosyam sonuçlanmadı. Cep: 0555 000 12 34"
GOOD = "Hasar ödemeniz onaylanmış ve hesabınıza gönderilmiştir, gecikme için özür dileriz."


@dataclass
class Page:
    """The page of application 1, for whoever looks."""

    world: World
    client: TestClient
    address: str

    def text(self) -> str:
        return self.client.get(self.address).text

    def act(self, name: str, /, where: str = "acts", **fields: str) -> int:
        return self.client.post(f"{self.address}/{where}/{name}", data=fields).status_code

    def refused(self, name: str, /, where: str = "acts", **fields: str) -> str:
        answer = self.client.post(f"{self.address}/{where}/{name}", data=fields)
        assert answer.status_code == 422
        return answer.text


@pytest.fixture
def page(world, signed_in) -> Page:
    [one] = world.receive(mail(SAID, key="1"))
    with world.database.write() as connection:
        values = {"type": "complaint", "department": None, "applicant_name": "Deneme Kisi"}
        connection.execute(update(t.application).values(**values))
    return Page(world, signed_in("supervisor"), f"/staff/applications/{one['number']}")


def _read(world: World, what, *args, **more):
    with world.database.read() as connection:
        return what(connection, *args, **more)


def _drafted(world: World, **changes: str) -> int:
    """An answer that a colleague drafted and a second person has to read."""
    with world.database.write() as connection:
        answers.add_approval_rule(connection, ApprovalRule(), by="staff:x", now=world.moment)
    return answer(world, 1, **changes)


def test_call_reached_says_the_answer_and_only_what_is_owed_here(page) -> None:
    answer(page.world, 1, medium="phone", template="answer")
    outbox = _read(page.world, dossier.sent, 1)[-1]["id"]
    assert "Bu arama bulunamadı." in page.refused("call", outbox="99", reached="yes")
    assert page.act("call", outbox=str(outbox), reached="no", note="Meşgul") == 303
    assert "Az önce arandı" in page.refused("call", outbox=str(outbox), reached="no")
    assert page.act("call", outbox=str(outbox), reached="yes", note="Anlattım") == 303
    assert status(page.world, 1) == "answered"
    assert data_of(page.world, 1, "called")["reached"] is True


def test_a_cause_is_found_and_an_action_follows(page) -> None:
    cause = _read(page.world, taxonomy.entries, "cause")[-1].code
    assert "Haklılığı seçin." in page.refused("cause", cause=cause, department="hukuk")
    given = {"cause": cause, "department": "hukuk", "justified": "partly", "why": "Eksik evrak"}
    assert page.act("cause", **given) == 303
    assert data_of(page.world, 1, "cause_found")["justified"] == "partly"
    due = {"due_on": "2026-06-01", "department": "hukuk", "owner": "supervisor"}
    assert page.refused("improve", kind="corrective", title="", **due)
    assert page.act("improve", kind="corrective", title="Süreyi kısalt", **due) == 303
    assert "action_linked" in history(page.world, 1)


def test_the_clock_runs_on_and_is_not_started_twice(page) -> None:
    assert page.act("pause", reason="waiting_court") == 303
    page.world.later(minutes=10)
    assert page.act("resume") == 303
    assert history(page.world, 1).count("clock_resumed") == 1
    assert "zaten işliyor" in page.refused("resume")


def test_a_verdict_against_the_answer_opens_it_again(page) -> None:
    assert "Henüz yanıt yok." in page.refused("verdict", verdict="accepted")
    answer(page.world, 1)
    assert page.act("verdict", verdict="accepted") == 303
    assert status(page.world, 1) == "answered"
    assert page.act("verdict", verdict="rejected", comment="Ödeme eksik") == 303
    assert status(page.world, 1) == "in_progress"


def test_a_closed_one_is_opened_again_with_a_reason(page) -> None:
    answer(page.world, 1)
    assert page.act("close", outcome="accepted") == 303
    again = {"where": "decisions", "why": "new_facts"}
    assert "Nedenini yazın." in page.refused("reopen", reason=" ", **again)
    assert page.act("reopen", reason="Yeni ekspertiz", **again) == 303
    assert status(page.world, 1) == "in_progress"
    assert data_of(page.world, 1, "reopened")["reason"] == "new_facts"


def test_a_second_person_approves_and_the_author_cannot(page, signed_in) -> None:
    mine = _drafted(page.world, by="staff:supervisor")
    own = page.refused("approve", where="decisions", answer=str(mine))
    assert "Yanıtı yazan onaylayamaz." in own
    page.client = signed_in("supervisor", login="ikinci")
    assert page.act("approve", where="decisions", answer=str(mine)) == 303
    assert status(page.world, 1) == "answered"
    assert data_of(page.world, 1, "answer_approved")["by"] == "staff:ikinci"


def test_a_second_person_sends_it_back_with_what_has_to_change(page) -> None:
    waits = str(_drafted(page.world))
    assert page.refused("reject", where="decisions", answer=waits, why="")
    assert page.act("reject", where="decisions", answer=waits, why="Gerekçe eksik") == 303
    assert "Gerekçe eksik" in page.text()


def test_a_task_is_done_once_and_only_one_of_this_application(page) -> None:
    assert page.act("task", text="Eksperi ara", due_on="2026-04-01") == 303
    [task] = _read(page.world, tasks.open_ones, application_id=1)
    assert "Bu görev bulunamadı." in page.refused("task_done", task="99")
    assert page.act("task_done", task=str(task.id)) == 303
    assert _read(page.world, tasks.open_ones, application_id=1) == []


def test_a_draft_is_given_up_and_stays_in_the_record(page) -> None:
    draft = {"medium": "email", "position": "accepted", "reasons": GOOD}
    assert page.act("draft", **draft) == 303
    [one] = _read(page.world, answers.of_application, 1)
    assert GOOD in page.text()
    assert page.act("discard", answer=str(one.id), **draft) == 303
    assert GOOD not in page.text()
    assert [one.state for one in _read(page.world, answers.of_application, 1)] == ["discarded"]
    assert page.refused("discard", answer=str(one.id))


def test_a_proceeding_ends_with_what_was_awarded(page) -> None:
    assert page.act("proceeding", kind="court", file_number="2026/1", opened_on="2026-03-02") == 303
    [one] = _read(page.world, closing.proceedings, 1)
    assert 'id="act-proceeding_end"' in page.text()
    ends = {"proceeding": str(one.id), "outcome": "partly", "closed_on": "2026-03-09"}
    assert "1.250,50 biçiminde" in page.refused("proceeding_end", awarded="çok", **ends)
    assert page.refused("proceeding_end", **(ends | {"proceeding": "99"}))
    assert page.act("proceeding_end", awarded="1.250,50", **ends) == 303
    [one] = _read(page.world, closing.proceedings, 1)
    assert (one.outcome, one.awarded) == ("partly", 125_050)
    assert "zaten bitti" in page.refused("proceeding_end", awarded="0", **ends)
    assert 'id="act-proceeding_end"' not in page.text()


def test_a_form_cannot_name_the_proceeding_of_another_application(page) -> None:
    page.world.receive(mail("Başka konu", key="2", sender="Baska <baska@example.test>"))
    with page.world.database.write() as connection:
        other = proceedings.open_proceeding(
            connection, 2, "court", "", page.world.moment.date(), by="x", now=page.world.moment
        )
    ends = {"outcome": "for_us", "closed_on": "2026-03-09"}
    assert page.refused("proceeding_end", proceeding=str(other), **ends)


def test_who_acts_for_the_applicant_is_shown_checked_and_ended(page) -> None:
    whole = mail("Vekâletname ektedir, " + SAID, key="9", message_id="9").body
    scan = whole.replace(
        b"Content-Type: text/plain; charset=utf-8",
        b'Content-Type: application/pdf; name="vekalet.pdf"\r\nContent-Disposition: attachment;'
        b' filename="vekalet.pdf"',
    )
    page.world.receive(RawItem("9", "email", scan))
    with page.world.database.write() as connection:
        connection.execute(update(t.filing).values(application_id=1))
    assert page.refused("represent", kind="lawyer", name=" ")
    assert page.act("represent", kind="lawyer", name="Deneme Vekil") == 303
    shown = page.text()
    assert "D*** V***" in shown
    assert "Deneme Vekil" not in shown
    assert "yetkisi görülmedi" in shown
    [one] = _read(page.world, contact.representatives, 1)
    [paper] = _read(page.world, dossier.files, 1)
    wrong = page.refused("authorise", representative=str(one.id), document="0" * 64)
    assert "gelen dosyalardan biri" in wrong
    seen = {"representative": str(one.id), "document": paper["sha256"]}
    assert page.act("authorise", **seen) == 303
    assert "yetkisi görüldü" in page.text()
    assert page.act("represented", representative=str(one.id)) == 303
    assert "D*** V***" not in page.text()


def test_a_pair_is_joined_from_the_page_and_taken_back_from_it(page) -> None:
    text = "Aracımın hasar dosyası üç haftadır sonuçlanmadı, eksper raporu hazır, ödeme bekliyorum."
    for key, plate in (("2", "34 ABC 123"), ("3", "06 DEF 456")):
        page.world.receive(mail(f"{text} Plaka {plate}. Cep: 0555 000 99 88", key=key))
    second, third = page.world.applications()[1:]
    with page.world.database.write() as connection:
        connection.execute(update(t.application).values(department=None))
        pair = connection.execute(select(func.max(t.suggestion.c.id))).scalar_one()
    page.address = f"/staff/applications/{second['number']}"
    assert f'action="/staff/duplicates/{pair}/join"' in page.text()
    back = {"back": second["number"]}
    joined = page.client.post(f"/staff/duplicates/{pair}/join", data=back)
    assert joined.headers["location"] == page.address
    assert "Birleştirilen:" in page.text()
    assert page.refused("unjoin", number=second["number"])
    assert page.act("unjoin", number=third["number"]) == 303
    assert status(page.world, 3) == "recorded"
    page.client.post(f"/staff/duplicates/{pair}/apart", data=back)
    assert f'action="/staff/duplicates/{pair}/join"' not in page.text()


def test_our_own_texts_and_notes_are_masked_as_the_rest(page) -> None:
    note = "Deneme Kisi 0555 000 12 34 numaradan arandı"
    assert page.act("note", text=note) == 303
    answer(page.world, 1)
    shown = page.text()
    assert "Deneme Kisi" not in shown
    assert "0555 000 12 34" not in shown
    assert "D*** K*** 0555 *** ** 34 numaradan arandı" in shown
    page.client.post(f"{page.address}/reveal", data={"reason": "Başvuruyu inceliyorum"})
    assert note in page.text()


def test_a_page_that_is_read_waits_for_nobody_who_works_on_it(page) -> None:
    if page.world.database.is_sqlite:
        pytest.skip("there is one writer, and readers do not wait for it")
    with page.world.database.write() as connection:
        applications.lock(connection, [1])
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '9s'")
        assert page.client.get(page.address).status_code == 200


def test_the_person_complained_about_neither_answers_nor_closes(world, page) -> None:
    answer(world, 1)
    with world.database.write() as connection:
        routing.bar(connection, 1, "elif", "Şikâyet edilen", by="staff:x", now=world.moment)
    by = {"by": "staff:elif", "now": world.moment}

    deeds = (
        lambda connection: drafting.draft(connection, 1, ANSWER, **by),
        lambda connection: drafting.change(connection, 1, ANSWER, **by),
        lambda connection: ends.close(connection, 1, ends.Closing("accepted"), **by),
        lambda connection: ends.verdict(connection, 1, "rejected", half_days=True, **by),
    )
    for deed in deeds:
        with pytest.raises(InConflict), world.database.write() as connection:
            deed(connection)
    assert status(world, 1) == "answered"
    with world.database.write() as connection:
        ends.close(connection, 1, ends.Closing("accepted"), by="staff:ayse", now=world.moment)
    with pytest.raises(InConflict), world.database.write() as connection:
        ends.reopen(connection, 1, "new_facts", "x", world.tools.office, **by)
