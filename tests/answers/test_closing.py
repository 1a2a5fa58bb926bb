"""Closing, the applicant's verdict, opening again, surveys, proceedings."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from peers.answering import an_application, answer, data_of, history, outbox, status
from peers.world import mail

from cases.answers import closing, keeping, proceedings, surveys
from cases.answers.closing import CannotClose, Closing
from cases.answers.standing import CannotDo
from cases.answers.surveys import Answers, NoSuchSurvey
from storage import closing as rows
from storage import duties as open_duties
from workers import desk

REFUSED = {
    "position": "rejected",
    "reasons": "Genel şartların A.5 maddesi bu zararı teminat dışında bırakmaktadır.",
    "remedies": ("internal", "arbitration", "consumer", "regulator"),
}


def close(world, application_id: int, outcome: str = "accepted", **more) -> int:
    with world.database.write() as connection:
        one = Closing(outcome, **more)
        return closing.close(connection, application_id, one, by="staff:elif", now=world.moment)


def codes(world, application_id: int, outcome: str, **more) -> set[str]:
    with pytest.raises(CannotClose) as refused:
        close(world, application_id, outcome, **more)
    return {finding.code for finding in refused.value.findings}


def test_an_answered_application_is_closed_with_its_outcome_and_redress(world):
    one = an_application(world)
    answer(world, one, redress=125_050)
    close(world, one, redress=125_050)
    assert status(world, one) == "closed"
    said = data_of(world, one, "closed")
    assert (said["outcome"], said["redress"], said["verdict"]) == ("accepted", 125_050, "no_reply")


def test_what_is_not_finished_is_not_closed(world):
    one = an_application(world, "unclassified")
    assert codes(world, one, "accepted") == {"type", "unanswered"}
    assert codes(world, one, "nonsense") == {"outcome"}
    two = an_application(
        world,
        text="Camım kırıldı, işlem bekliyorum. 34 ABC 123",
        key="2",
        sender="Baska Biri <baska@example.test>",
    )
    answer(world, two)
    assert codes(world, two, "rejected") == {"told_otherwise"}
    assert codes(world, two, "noted") == {"outcome", "told_otherwise"}
    assert codes(world, two, "withdrawn") == {"why"}
    close(world, two, "withdrawn", reason="Telefonda vazgeçtiğini söyledi.")


def test_a_request_that_voices_dissatisfaction_is_a_complaint_first(world):
    one = an_application(world, "request")
    answer(world, one)
    assert codes(world, one, "accepted") == {"retype"}


def test_an_answer_that_did_not_arrive_closes_nothing(world):
    one = an_application(world)
    answer_id = answer(world, one)
    with world.database.write() as connection:
        row = outbox(world, one)[f"answer:{answer_id}"]
        open_duties.reopen_duty(connection, row["id"], "the mail came back")
    assert codes(world, one, "accepted") == {"undelivered"}


def test_whoever_writes_again_opens_it_and_whoever_thanks_does_not(world):
    one = an_application(world)
    answer(world, one)
    close(world, one)
    world.receive(mail("Teşekkürler, iyi çalışmalar. 26-1994-3644", key="2"))
    assert status(world, one) == "closed"
    world.receive(mail("Ödeme eksik yatmış. 26-1994-3644", key="3"))
    assert status(world, one) == "in_progress"
    assert data_of(world, one, "reopened")["reason"] == "applicant"
    world.later(minutes=1)
    assert codes(world, one, "accepted") == {"unanswered"}
    answer(world, one)
    close(world, one)
    with world.database.read() as connection:
        assert [row.reopened_for for row in rows.closings(connection, one)] == ["applicant", None]


def test_whoever_opened_it_again_is_told_once(world):
    one = an_application(world)
    answer(world, one)
    close(world, one)
    world.receive(mail("Ödeme eksik yatmış. 26-1994-3644", key="3"))
    for _ in range(2):
        desk.tell_reopened(world.tools)
        world.drain()
    told = [purpose for purpose in outbox(world, one) if purpose.startswith("reopened")]
    assert len(told) == 1
    assert "yeniden incelemeye alınmıştır" in world.gateway.taken[-1].text
    world.later(minutes=1)
    answer(world, one)
    close(world, one)
    reopen(world, one, "our_error", "Yanlış hesap.")
    world.later(days=2)
    assert desk.tell_reopened(world.tools) == []


def test_a_colleague_opens_it_with_a_reason(world):
    one = an_application(world)
    answer(world, one)
    with pytest.raises(CannotDo):
        reopen(world, one, "our_error", "Yanlış hesap.")
    close(world, one)
    for why, reason in (("whim", "Çünkü."), ("our_error", " ")):
        with pytest.raises(CannotDo):
            reopen(world, one, why, reason)
    world.later(days=10)
    reopen(world, one, "our_error", "Yanlış hesap.")
    assert status(world, one) == "in_progress"
    assert data_of(world, one, "deadlines_set")["sla_due_at"] > "2026-03-24"


def reopen(world, application_id: int, why: str, reason: str) -> None:
    with world.database.write() as connection:
        office, now = world.tools.office, world.moment
        closing.reopen(connection, application_id, why, reason, office, by="staff:elif", now=now)


def verdict(world, application_id: int, said: str) -> None:
    with world.database.write() as connection:
        closing.verdict(
            connection, application_id, said, half_days=True, by="applicant", now=world.moment
        )


def test_a_rejected_answer_opens_it_again_and_an_accepted_one_is_kept(world):
    one = an_application(world)
    with pytest.raises(CannotDo):
        verdict(world, one, "accepted")
    answer(world, one, **REFUSED)
    verdict(world, one, "rejected")
    assert status(world, one) == "in_progress"
    answer(world, one)
    verdict(world, one, "accepted")
    close(world, one)
    assert data_of(world, one, "closed")["verdict"] == "accepted"
    verdict(world, one, "rejected")
    assert status(world, one) == "in_progress"
    assert data_of(world, one, "reopened")["reason"] == "verdict"


def test_silence_after_an_answer_closes_it_in_time(world):
    one = an_application(world)
    answer(world, one)
    assert not quiet(world, one)
    world.later(days=15, minutes=1)
    with world.database.read() as connection:
        before = world.moment - world.tools.office.quiet_close
        assert rows.answered_before(connection, before, 10) == [one]
    assert quiet(world, one)
    assert not quiet(world, one)
    assert data_of(world, one, "closed")["verdict"] == "no_reply"


def quiet(world, application_id: int) -> bool:
    with world.database.write() as connection:
        return closing.close_quiet(connection, application_id, world.tools.office, world.moment)


def surveyed(world, **office):
    one = an_application(world)
    answer(world, one)
    close(world, one)
    world.later(days=2)
    changed = replace(world.tools.office, survey=True, **office)
    with world.database.write() as connection:
        assert surveys.due(connection, world.tools.office, world.moment, 10) == []
        assert surveys.due(connection, changed, world.moment, 10) == [one]
        surveys.invite(connection, one, changed, world.moment)
        assert surveys.due(connection, changed, world.moment, 10) == []
        assert surveys.invite(connection, one, changed, world.moment) is None
    world.drain()
    return one


def test_a_survey_by_link_is_answered_once_and_in_time(world):
    one = surveyed(world)
    [row] = [row for purpose, row in outbox(world, one).items() if purpose.startswith("survey")]
    token = row["text"].partition("https://basvuru.example.test/anket/")[2].split()[0]
    with world.database.write() as connection:
        with pytest.raises(NoSuchSurvey):
            surveys.find(connection, token + "x", world.moment)
        with pytest.raises(NoSuchSurvey):
            surveys.find(connection, token, world.moment + timedelta(days=15))
        surveys.answer(connection, token, Answers(4, 9, "Hızlıydı"), world.moment)
        with pytest.raises(NoSuchSurvey):
            surveys.answer(connection, token, Answers(1), world.moment)
    assert data_of(world, one, "survey_answered")["score"] == 4
    with pytest.raises(ValueError, match="scale"):
        Answers(6)


@pytest.mark.parametrize(
    ("text", "mark"),
    [("26-1994-3644 5", 5), ("5 2619943644", 5), ("26-1994-3644", None), ("5", 5), ("beş", None),
     ("26-1994-3644 7", None)],
)  # fmt: skip
def test_a_mark_is_read_from_an_sms(text, mark):
    assert surveys.mark_in(text, "2619943644") == mark


def test_one_deciding_proceeding_at_a_time_and_everything_is_held_for_it(world):
    one = an_application(world)
    opened = date(2026, 3, 10)
    with world.database.write() as connection:
        row = proceedings.open_proceeding(
            connection, one, "arbitration", "2026/1", opened, by="staff:can", now=world.moment
        )
        for kind in ("court", "pigeon"):
            with pytest.raises(CannotDo):
                proceedings.open_proceeding(
                    connection, one, kind, "", opened, by="staff:can", now=world.moment
                )
        with pytest.raises(CannotDo):
            keeping.lift_hold(connection, one, by="staff:can", now=world.moment)
        proceedings.close_proceeding(
            connection, row, "for_us", 0, opened, by="staff:can", now=world.moment
        )
        with pytest.raises(CannotDo):
            proceedings.close_proceeding(
                connection, row, "for_us", 0, opened, by="staff:can", now=world.moment
            )
        keeping.lift_hold(connection, one, by="staff:can", now=world.moment)
    assert history(world, one)[-4:] == [
        "proceeding_opened",
        "keeping",
        "proceeding_closed",
        "keeping",
    ]
