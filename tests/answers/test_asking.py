"""Asking the applicant, and the answer coming back into the same application."""

from datetime import timedelta

import pytest
from peers.answering import TEXT, an_application, answer, data_of, history, outbox, status
from peers.world import mail

from cases.answers import asking, calls, mood, telling
from cases.answers.drafting import NotYet
from cases.answers.standing import CannotDo
from ingest.contract import RawItem
from storage import contact, tasks

QUESTION = "Kaza tespit tutanağının ön ve arka yüzü."


def ask(world, application_id: int, medium: str = "email", question: str = QUESTION) -> int:
    with world.database.write() as connection:
        question_id, _ = asking.ask(
            connection,
            application_id,
            question,
            medium,
            world.tools.office,
            by="staff:elif",
            now=world.moment,
        )
    world.drain()
    return question_id


def questions(world, application_id: int):
    with world.database.read() as connection:
        return contact.questions_of(connection, application_id)


def reference(world, application_id: int, purpose: str) -> str:
    return f"<{outbox(world, application_id)[purpose]['reference']}@sirket.example.test>"


def test_the_reply_to_our_mail_comes_back_and_work_goes_on(world):
    one = an_application(world)
    question_id = ask(world, one)
    assert status(world, one) == "waiting_applicant"
    ours = reference(world, one, f"question:{question_id}")
    world.receive(
        mail(
            "Tutanağın iki yüzü ektedir.",
            key="2",
            sender="Yegen <yegen@example.test>",
            headers={"In-Reply-To": ours},
        )
    )
    assert status(world, one) == "in_progress"
    [found] = questions(world, one)
    assert (found.state, found.message_id is not None) == ("answered", True)
    assert history(world, one)[3:] == [  # after it was recorded, has its deadlines, and was routed
        "asked",
        "clock_paused",
        "message_joined",
        "applicant_replied",
        "clock_resumed",
    ]
    assert data_of(world, one, "applicant_replied")["message"] == found.message_id


def test_the_internal_clock_waits_for_the_applicant_and_the_legal_one_does_not(world):
    one = an_application(world)
    [before] = world.applications()
    question_id = ask(world, one)
    world.later(days=7)
    ours = reference(world, one, f"question:{question_id}")
    world.receive(mail("Ektedir.", key="2", headers={"In-Reply-To": ours}))
    [after] = world.applications()
    assert data_of(world, one, "clock_resumed")["days"] == 5
    assert after["sla_due_at"] - before["sla_due_at"] >= timedelta(days=7)
    assert after["legal_due_at"] == before["legal_due_at"]


def test_a_text_with_the_number_from_the_same_phone_comes_back(world):
    one = an_application(world)
    ask(world, one, "sms")
    text = world.gateway.taken[-1].text
    assert text == (
        "26-1994-3644 numaralı başvurunuz için gerekli: Kaza tespit tutanağının ön ve arka yüzü."
        " Lütfen bizi arayınız: 0850 000 00 00 Ornek Sigorta"
    )
    facts = {"sender_phone": "0555 000 12 34"}
    reply = "26-1994-3644 tutanağı dün şubeye bıraktım".encode()
    world.receive(RawItem("sms-1", "text", reply, None, facts), account="sms")
    assert status(world, one) == "in_progress"


def test_who_has_to_wait_longer_is_told_and_may_be_told_again(world):
    one = an_application(world)
    office = world.tools.office
    for medium in ("email", "sms"):
        with world.database.write() as connection:
            why = "Eksper raporu bekleniyor, yanıtımız en geç 20 Mart'ta."
            telling.tell_delay(
                connection, one, why, medium, office, by="staff:elif", now=world.moment
            )
    world.drain()
    sent = outbox(world, one)
    assert "Eksper raporu bekleniyor" in sent["delay:1"]["text"]
    assert sent["delay:2"]["state"] == "accepted"
    assert status(world, one) == "recorded"
    with world.database.write() as connection, pytest.raises(NotYet):
        telling.tell_delay(
            connection, one, "x", "letter", office, by="staff:elif", now=world.moment
        )


def test_the_number_alone_lets_no_stranger_in(world):
    one = an_application(world)
    ask(world, one, "sms")
    facts = {"sender_phone": "0555 000 99 99"}
    reply = b"26-1994-3644 bilgiyi bana verin"
    world.receive(RawItem("sms-1", "text", reply, None, facts), account="sms")
    assert status(world, one) == "waiting_applicant"


def test_a_machine_that_answers_is_no_answer(world):
    one = an_application(world)
    question_id = ask(world, one)
    headers = {
        "In-Reply-To": reference(world, one, f"question:{question_id}"),
        "Auto-Submitted": "auto-replied",
    }
    world.receive(mail("Ofis dışındayım.", key="2", headers=headers))
    assert status(world, one) == "waiting_applicant"
    assert "applicant_replied" not in history(world, one)


@pytest.mark.parametrize(
    ("medium", "question", "code"),
    [
        ("email", " ", "reasons"),
        ("sms", "Deneme Bey, poliçeniz nerede?", "personal"),
        ("sms", "Belgeleri www.example.com adresine yükleyin", "sms_address"),
        ("reply", "Poliçeniz hangisi?", "customer"),
        ("reply", "Hangi şube?", "recipient"),
        ("letter", "Hangi şube?", "text"),
    ],
)
def test_what_must_not_be_asked_like_this_is_not(world, medium, question, code):
    one = an_application(world)
    with pytest.raises(NotYet) as refused:
        ask(world, one, medium, question)
    assert code in {finding.code for finding in refused.value.findings}
    assert status(world, one) == "recorded"


def test_silence_is_met_with_one_reminder_and_then_with_a_person(world):
    one = an_application(world)
    question_id = ask(world, one)
    remind_all(world)
    assert f"reminder:{question_id}:1" not in outbox(world, one)
    for _ in range(2):
        world.later(days=3)
        remind_all(world)
        remind_all(world)
    assert outbox(world, one)[f"reminder:{question_id}:1"]["state"] == "accepted"
    assert [q.state for q in questions(world, one)] == ["silent"]
    assert history(world, one).count("applicant_silent") == 1
    assert open_tasks(world, one) == ["applicant_silent"]
    world.receive(mail(f"{TEXT} 26-1994-3644", key="2"))
    assert [q.state for q in questions(world, one)] == ["answered"]


def open_tasks(world, application_id: int) -> list[str]:
    with world.database.read() as connection:
        return [task.kind for task in tasks.open_ones(connection, application_id=application_id)]


def remind_all(world) -> None:
    with world.database.write() as connection:
        for question_id, _ in contact.to_remind(connection, world.moment, 100):
            asking.remind(connection, question_id, world.tools.office, world.moment)
    world.drain()


def test_a_question_that_is_no_longer_needed_is_waited_for_no_more(world):
    one = an_application(world)
    question_id = ask(world, one)
    with world.database.write() as connection:
        asking.drop(connection, question_id, world.tools.office, by="staff:elif", now=world.moment)
    assert status(world, one) == "in_progress"


def call(world, outbox_id: int, *, reached: bool):
    with world.database.write() as connection:
        return calls.called(
            connection,
            outbox_id,
            reached=reached,
            note="Tutanağı getirecek." if reached else "",
            office=world.tools.office,
            by="staff:elif",
            now=world.moment,
        )


def test_an_answer_on_the_phone_is_given_when_somebody_was_reached(world):
    one = an_application(world)
    answer_id = answer(world, one, medium="phone", template="answer")
    assert status(world, one) == "recorded"
    [to_call] = phone_list(world)
    assert open_tasks(world, one) == ["call_applicant"]
    assert "Başvurunuz haklı bulunmuş" in to_call.text
    assert call(world, to_call.outbox_id, reached=False).left == 2
    with pytest.raises(CannotDo):
        call(world, to_call.outbox_id, reached=False)
    assert call(world, to_call.outbox_id, reached=True).left == 0
    assert status(world, one) == "answered"
    assert outbox(world, one)[f"answer:{answer_id}"]["state"] == "delivered"
    assert phone_list(world) == []
    assert open_tasks(world, one) == []


def phone_list(world):
    with world.database.read() as connection:
        return contact.to_call(connection)


def test_after_three_attempts_at_different_hours_another_way_is_taken(world):
    one = an_application(world)
    answer_id = answer(world, one, medium="phone", template="answer")
    [to_call] = phone_list(world)
    for _ in range(3):
        world.later(hours=2)
        result = call(world, to_call.outbox_id, reached=False)
    world.drain()
    assert "email" in result.other_ways and "phone" not in result.other_ways
    assert "sizi aradık, ulaşamadık" in world.gateway.taken[-1].text
    assert outbox(world, one)[f"answer:{answer_id}"]["state"] == "failed"
    assert history(world, one).count("called") == 3
    assert status(world, one) == "recorded"


def test_a_question_on_the_phone_is_answered_in_the_call(world):
    one = an_application(world)
    ask(world, one, "phone")
    [to_call] = phone_list(world)
    call(world, to_call.outbox_id, reached=True)
    assert status(world, one) == "in_progress"
    assert [q.state for q in questions(world, one)] == ["answered"]


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        ("Teşekkürler", True),
        ("TEŞEKKÜR EDERİM, iyi çalışmalar. Ayşe Örnek", True),
        ("İlginiz için çok teşekkür ederim, sağ olun", True),
        ("Thank you very much for your help", True),
        ("Teşekkürler ama ödeme hâlâ gelmedi, hesabımı kontrol edin lütfen", False),
        ("Teşekkürler, ne zaman ödenecek?", False),
        ("Kabul etmiyorum, teşekkürler", False),
        ("Tamam", False),
    ],
)
def test_thanks_are_told_from_more(text, thanks):
    assert mood.only_thanks(text) is thanks
