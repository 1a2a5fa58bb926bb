"""An answer is drafted, approved where a rule asks for it, and goes."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from peers.answering import (
    ANSWER,
    REASONS,
    a_letter,
    an_application,
    answer,
    data_of,
    history,
    outbox,
    status,
)
from peers.world import World, mail

from cases.answers import authority, drafting, printing
from cases.answers.content import File, Way
from cases.answers.drafting import NotYet
from cases.answers.standing import CannotDo
from storage import answers, contact
from storage import tables as t
from storage.answers import ApprovalRule


def mails(world: World):
    files = sorted(world.tools.outgoing.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def test_an_answer_by_mail_continues_the_applicants_thread(world):
    headers = {"References": "<first@example.test>", "Cc": "hasar@sirket.example.test"}
    headers |= {"To": "basvuru@sirket.example.test, baska@example.test"}
    one = an_application(world, headers=headers, message_id="second")
    [file] = world.blobs.put([b"%PDF-1.7 ek"])
    answer(world, one, files=(File("ek belge.pdf", "application/pdf", file, 11),))
    assert status(world, one) == "answered"
    assert data_of(world, one, "answered")["position"] == "accepted"
    sent = mails(world)[-1]
    assert sent["From"] == "basvuru@sirket.example.test"
    assert sent["To"] == "deneme.kisi@example.test"
    assert sent["In-Reply-To"] == "<second@example.test>"
    assert sent["References"] == "<first@example.test> <second@example.test>"
    assert "Auto-Submitted" not in sent
    assert "[26-1994-3644]" in sent["Subject"]
    body, attached = sent.get_body().get_content(), list(sent.iter_attachments())
    assert REASONS in body and "Sayın Deneme Kisi" in body
    assert attached[0].get_filename() == "ek belge.pdf"
    assert attached[0].get_content() == b"%PDF-1.7 ek"


def test_what_stands_against_it_keeps_an_answer_from_going(world):
    one = an_application(world, "unclassified")
    with pytest.raises(NotYet) as refused:
        answer(world, one)
    assert [f.code for f in refused.value.findings] == ["type"]
    assert "answered" not in history(world, one)


def test_four_eyes_are_two_people_and_not_the_one_complained_about(world):
    one = an_application(world)
    office, now = world.tools.office, world.moment
    with world.database.write() as connection:
        rule = ApprovalRule(type="complaint", redress_from=100_000)
        rule_id = answers.add_approval_rule(connection, rule, by="staff:deniz", now=now)
        small = drafting.preview(connection, one, ANSWER, office, now=now)
        large = replace(ANSWER, redress=100_000)
        assert not small.asks_for_approval
        answer_id = drafting.draft(connection, one, large, by="staff:elif", now=now)
        submitted = drafting.submit(connection, answer_id, office, by="staff:elif", now=now)
        assert (submitted.state, submitted.bells) == ("waiting", {})
    assert f"answer:{answer_id}" not in outbox(world, one)
    with world.database.write() as connection:
        about = {"application_id": one, "login": "cem", "reason": "Şikâyet ondan.", "at": now}
        connection.execute(t.conflict.insert().values(about | {"by": "staff:deniz"}))
        for by in ("staff:elif", "staff:cem"):
            with pytest.raises(CannotDo):
                drafting.approve(connection, answer_id, office, by=by, now=now)
            with pytest.raises(CannotDo):
                drafting.reject(connection, answer_id, "no", by=by, now=now)
        drafting.reject(connection, answer_id, "Tutar?", by="staff:can", now=now)
        drafting.change(connection, answer_id, large, by="staff:elif", now=now)
        drafting.submit(connection, answer_id, office, by="staff:elif", now=now)
        drafting.approve(connection, answer_id, office, by="staff:can", now=now)
        assert answers.end_approval_rule(connection, rule_id, by="staff:deniz", now=now)
        assert answers.approval_rules(connection) == {}
    world.drain()
    assert outbox(world, one)[f"answer:{answer_id}"]["state"] == "accepted"
    assert history(world, one)[3:] == [  # after it was recorded, has its deadlines, and was routed
        "answer_drafted",
        "answer_rejected",
        "answer_drafted",
        "answer_approved",
        "answered",
    ]


def test_an_answer_is_submitted_once(world):
    one = an_application(world)
    answer_id = answer(world, one)
    with world.database.write() as connection, pytest.raises(CannotDo):
        drafting.submit(
            connection, answer_id, world.tools.office, by="staff:elif", now=world.moment
        )


def test_an_answer_by_sms_waits_for_the_morning(world):
    world.moment = datetime(2026, 3, 10, 19, 30, tzinfo=UTC)  # 22:30 in Istanbul
    one = an_application(world)
    before = len(world.gateway.taken)
    answer_id = answer(world, one, medium="sms", template="answer", reasons="Ödemeniz yapıldı.")
    row = outbox(world, one)[f"answer:{answer_id}"]
    assert row["due_at"] == datetime(2026, 3, 11, 6, tzinfo=UTC)
    assert len(world.gateway.taken) == before
    world.moment = row["due_at"]
    world.drain()
    assert world.gateway.taken[-1].text == (
        "26-1994-3644 numaralı başvurunuz: Ödemeniz yapıldı. Bilgi: 0850 000 00 00 Ornek Sigorta"
    )


def test_a_mail_that_comes_back_is_owed_again_and_goes_another_way(world):
    one = an_application(world)
    answer_id = answer(world, one)
    returned = mails(world)[-1]["Message-ID"]
    world.receive(bounce(returned))
    assert outbox(world, one)[f"answer:{answer_id}"]["state"] == "failed"
    assert "applicant_replied" not in history(world, one)
    paper = a_letter()
    with world.database.write() as connection:
        [row] = answers.undelivered(connection, [one])
        assert row["detail"] == "the mail came back"
        drafting.send_again(
            connection,
            answer_id,
            Way("letter", address=paper["address"], signatories=paper["signatories"]),
            world.tools.office,
            by="staff:elif",
            now=world.moment,
        )
    world.drain()
    again = outbox(world, one)[f"answer:{answer_id}:2"]
    assert (again["medium"], again["state"]) == ("letter", "accepted")
    with world.database.read() as connection:
        assert answers.undelivered(connection, [one]) == []


def bounce(message_id: str):
    """A report of non-delivery as a mail server writes it (RFC 3464)."""
    text = (
        "--b\nContent-Type: text/plain\n\nThe mail could not be delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.test\n\n"
        "Final-Recipient: rfc822; deneme.kisi@example.test\nAction: failed\nStatus: 5.1.1\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\nSubject: x\n--b--\n"
    )
    headers = {
        "Content-Type": 'multipart/report; report-type=delivery-status; boundary="b"',
        "Return-Path": "<>",
    }
    return mail(
        text,
        key="dsn",
        sender="Mail Delivery System <MAILER-DAEMON@mx.example.test>",
        subject="Undelivered Mail Returned to Sender",
        headers=headers,
    )


def test_nothing_goes_to_a_representative_before_the_authority_was_checked(world):
    one = an_application(world)
    now = world.moment
    with world.database.write() as connection:
        row = authority.represent(connection, one, "lawyer", "Av. Deneme", by="staff:elif", now=now)
    with pytest.raises(NotYet):
        answer(world, one)
    with world.database.write() as connection:
        with pytest.raises(CannotDo):
            authority.check_authority(connection, one, row, "", by="staff:elif", now=now)
        authority.check_authority(connection, one, row, "0" * 64, by="staff:elif", now=now)
    answer(world, one)
    assert status(world, one) == "answered"


def test_a_letter_is_made_printed_posted_and_may_come_back(world):
    one = an_application(world)
    answer_id = answer(world, one, **a_letter())
    purpose = f"answer:{answer_id}"
    with world.database.write() as connection:
        [letter] = contact.letters(connection, ("made",))
        assert (letter.purpose, letter.pages) == (purpose, 1)
        assert world.blobs.get(letter.sha256).startswith(b"%PDF-1.7")
        by, now = "staff:post", world.moment
        printing.printed(connection, letter.outbox_id, by=by, now=now)
        printing.posted(connection, letter.outbox_id, "RR000000000TR", by=by, now=now)
        with pytest.raises(CannotDo):
            printing.posted(connection, letter.outbox_id, "", by=by, now=now)
    assert outbox(world, one)[purpose]["state"] == "delivered"
    with world.database.write() as connection:
        printing.came_back(connection, letter.outbox_id, by=by, now=now)
    assert outbox(world, one)[purpose]["state"] == "failed"


def test_a_letter_whose_maker_died_is_made_by_the_next(world):
    one = an_application(world)
    office, now = world.tools.office, world.moment
    with world.database.write() as connection:
        content = replace(ANSWER, **a_letter())
        answer_id = drafting.draft(connection, one, content, by="staff:elif", now=now)
        drafting.submit(connection, answer_id, office, by="staff:elif", now=now)
    stage = world.stages["letter"]
    real, stage.tools.blobs.put = stage.tools.blobs.put, killed
    with pytest.raises(Killed):
        stage.run(None)
    stage.tools.blobs.put = real
    world.later(seconds=121)
    world.drain()
    assert outbox(world, one)[f"answer:{answer_id}"]["state"] == "accepted"


class Killed(BaseException):
    """The process dies here."""


def killed(_contents):
    raise Killed
