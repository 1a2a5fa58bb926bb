"""The main job, over the real stages and real databases, without processes."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta

from dramatiq import Message
from dramatiq.brokers.stub import StubBroker
from peers.world import World, mail

from ingest.contract import RawItem
from storage import quarantine, views
from workers.bell import STEPS, Bell
from workers.pipeline import Bells
from workers.process import AT_ONCE, Hand, declare

TEXT = (
    "Sayın yetkili,\n\nAracımın hasar dosyası üç haftadır sonuçlanmadı. Eksper raporu tamamlandığı "
    "halde ödeme yapılmadı. Gereğinin yapılmasını rica ederim.\n\nSaygılarımla,\nDeneme Kişi\n"
    "Cep: 0555 000 12 34\n"
)
OTHER = (
    "Merhaba,\n\nPoliçe yenileme teklifinde hasarsızlık indirimi uygulanmamış. Primin "
    "düzeltilmesini ve fazla alınan tutarın iadesini talep ediyorum.\n\nDeneme Kişi\n"
)


def test_a_mail_becomes_an_acknowledged_application(world: World):
    [one] = world.receive(mail(TEXT, key="1"))
    assert one["number"] == "2619943644"
    assert one["acknowledgement"]["state"] == "accepted"
    [sms] = world.gateway.taken
    assert sms.to == "+905550001234"
    assert "26-1994-3644" in sms.text
    assert world.ledger()[0]["balances"]


def test_a_redelivery_is_never_a_second_application(world: World):
    item = mail(TEXT, key="1")
    world.receive(item)
    world.receive(item)
    world.receive(RawItem("other-key", "email", item.body))
    [one] = world.applications()
    assert one["message_count"] == 1
    assert len(world.gateway.taken) == 1
    [day] = world.ledger()
    assert (day["seen"], day["landed"], day["already_had"]) == (3, 2, 1)
    assert (day["recorded"], day["attached"]) == (1, 1)


def test_a_reply_with_our_number_joins_its_application(world: World):
    world.receive(mail(TEXT, key="1"))
    [one] = world.receive(mail(OTHER, key="2", subject="Ynt: Başvurunuz [26-1994-3644]"))
    assert one["message_count"] == 2
    assert len(world.gateway.taken) == 1


def test_a_stranger_who_quotes_a_number_does_not_join(world: World):
    world.receive(mail(TEXT, key="1"))
    stranger = "Baska Biri <baska@example.test>"
    found = world.receive(mail(OTHER, key="2", sender=stranger, subject="26-1994-3644"))
    assert [one["message_count"] for one in found] == [1, 1]


def test_the_same_matter_on_two_channels_is_one(world: World):
    world.receive(mail(TEXT, key="1"))
    letter = RawItem("letter.txt", "text", TEXT.encode())
    [one] = world.receive(letter, account="folder")
    assert one["message_count"] == 2
    assert len(world.gateway.taken) == 1


def test_machine_mail_is_set_aside_and_never_acknowledged(world: World):
    away = mail(OTHER, key="1", headers={"Auto-Submitted": "auto-replied"})
    assert world.receive(away) == []
    assert world.quarantine() == {"machine-mail": 1}
    assert world.gateway.taken == []
    assert world.ledger()[0]["balances"]


def test_a_newsletter_is_recorded_and_not_acknowledged(world: World):
    headers = {"List-Unsubscribe": "<mailto:cik@example.test>", "Precedence": "bulk"}
    [one] = world.receive(mail("Bu ayın fırsatları sizi bekliyor.", key="1", headers=headers))
    assert one["acknowledgement"]["state"] == "suppressed"
    assert world.gateway.taken == []
    assert world.quarantine() == {}


def test_a_portals_notice_of_a_claim_is_recorded_and_not_acknowledged(world: World):
    text = "Bir müşteriniz yazdı. Hasar Dosya No: H-4410023"
    [one] = world.receive(mail(text, key="1", headers={"Auto-Submitted": "auto-generated"}))
    assert one["acknowledgement"]["state"] == "suppressed"
    assert world.quarantine() == {}


def test_a_person_may_overrule_what_looks_like_a_machine(world: World):
    world.receive(mail(TEXT, key="1", headers={"Auto-Submitted": "auto-replied"}))
    with world.database.write() as connection:
        items = quarantine.items(connection)
        queues = {item.raw_id: "mail" for item in items}
        quarantine.replay(connection, items, queues, by="test", now=world.moment, as_person=True)
    world.drain()
    assert len(world.applications()) == 1
    assert world.quarantine() == {}
    assert world.ledger()[0]["balances"]


def test_without_a_mobile_number_a_mail_goes_out(world: World, tmp_path):
    [one] = world.receive(mail(OTHER, key="1"))
    assert (one["acknowledgement"]["channel"], one["acknowledgement"]["state"]) == (
        "email",
        "accepted",
    )
    [sent] = (tmp_path / "outgoing").iterdir()
    text = sent.read_bytes().decode()
    assert "Auto-Submitted: auto-replied" in text
    assert "In-Reply-To: <1@example.test>" in text


def test_an_answer_to_our_mail_comes_back_into_the_application(world: World, tmp_path):
    world.receive(mail(OTHER, key="1"))
    [sent] = (tmp_path / "outgoing").iterdir()
    headers = {"In-Reply-To": f"<{sent.stem}@example.test>"}
    colleague = "Vekil <vekil@example.test>"
    [one] = world.receive(mail("Ek bilgi ektedir.", key="2", sender=colleague, headers=headers))
    assert one["message_count"] == 2


def test_nobody_to_reach_is_an_open_duty_and_never_reported_as_done(world: World):
    [one] = world.receive(RawItem("a.txt", "text", b"Numaram yok, adresim yok."))
    assert one["acknowledgement"]["state"] == "no_phone"


def test_poison_in_the_middle_holds_up_nobody(world: World):
    good = [mail(f"{OTHER} {n}", key=f"g{n}", sender=f"k{n}@example.test") for n in range(4)]
    bad = RawItem("bad", "email", b"", problem="oversized: 61 MB of 50 MB")
    strange = RawItem("strange", "telex", b"x")
    found = world.receive(*good[:2], bad, strange, *good[2:])
    assert len(found) == 4
    assert world.quarantine() == {"no-reader": 1, "oversized": 1}
    assert world.ledger()[0]["balances"]


class Broken(Exception):
    pass


def test_a_row_that_fails_alone_is_set_aside_and_its_batch_goes_on(world: World, monkeypatch):
    from workers.stages import record

    real = record.record

    def breaks_on_second(connection, raw_ids, house, now):
        if 2 in raw_ids:
            raise Broken
        return real(connection, raw_ids, house, now)

    monkeypatch.setattr(record, "record", breaks_on_second)
    items = [mail(f"{OTHER} {n}", key=f"{n}", sender=f"k{n}@example.test") for n in range(3)]
    world.receive(*items)
    assert len(world.applications()) == 2
    for _ in range(8):
        world.later(minutes=10)
        world.drain()
    assert world.quarantine() == {"keeps-failing": 1}
    assert world.ledger()[0]["balances"]


def test_a_worker_that_died_with_a_claim_gives_it_back_in_time(world: World):
    world.land(mail(TEXT, key="1"))
    stage = world.stages["mail"]
    stage.work = lambda held, ids: {}  # type: ignore[method-assign]  dies after the claim
    stage.run(None)
    del stage.work
    world.drain()
    assert world.applications() == []
    world.later(seconds=121)
    world.drain()
    assert len(world.applications()) == 1


def test_a_batch_that_lost_its_claim_changes_nothing(world: World):
    world.land(mail(TEXT, key="1"))
    stage = world.stages["mail"]
    real = stage.work

    def slow(held, ids):
        world.later(seconds=200)
        world.stages["mail"].__class__.run(stage2, None)
        return real(held, ids)

    from workers.stages.normalise import Normalise

    stage2 = Normalise(world.tools, "mail")
    stage.work = slow  # type: ignore[method-assign]
    stage.run(None)
    del stage.work
    world.drain()
    [one] = world.applications()
    assert one["message_count"] == 1


def test_numbers_of_a_year_have_no_gap_after_a_rollback(world: World, monkeypatch):
    from workers.stages import record

    real, calls = record.record, []

    def fails_once(connection, raw_ids, house, now):
        done = real(connection, raw_ids, house, now)
        calls.append(done)
        if len(calls) == 1:
            raise Broken
        return done

    monkeypatch.setattr(record, "record", fails_once)
    world.receive(mail(TEXT, key="1"))
    world.later(seconds=10)
    world.drain()
    assert [one["number"] for one in world.applications()] == ["2619943644"]


def test_quiet_hours_hold_the_sms_and_nothing_else(database, tmp_path, now):
    quiet = {"acknowledgement": {"quiet_from": "12:00", "quiet_until": "14:00"}}
    world = World(database, tmp_path, now, **quiet)
    [one] = world.receive(mail(TEXT, key="1"))
    assert one["acknowledgement"]["state"] == "pending"
    world.moment = now + timedelta(hours=1, minutes=31)
    world.drain()
    assert len(world.gateway.taken) == 1


def test_characters_that_no_database_takes_stop_nothing(world: World):
    from normalizers.schema import MailFacts, Message, Reading, Sender

    def reads(item):
        hostile = "\x00 \ud800 metin"
        mail_facts = MailFacts(subject=hostile, message_id="\x00" * 500, reply_text=hostile)
        sender = Sender(name=hostile, email="k@example.test")
        message = Message(source="a", kind="email", text=hostile, mail=mail_facts, sender=sender)
        return Reading(message)

    world.stages["mail"].tools = replace(world.tools, read=reads)
    [one] = world.receive(RawItem("1", "email", b"x"))
    assert "metin" in one["subject"]
    assert world.quarantine() == {}


def test_a_bell_for_one_row_is_answered_for_all_that_are_due(world: World):
    world.land(*(mail(TEXT, key=f"{n}", sender=f"k{n}@example.test") for n in range(3)))
    broker = StubBroker()
    declare(broker, Hand(world.stages, Bell(broker)))
    broker.get_actor("answer_mail")([1])
    with world.database.read() as connection:
        queues = views.queues(connection, world.moment)
    assert [(one["queue"], one["waiting"]) for one in queues] == [("record", 3)]


def test_one_hand_goes_the_way_to_the_acknowledgement_without_a_bell(world: World):
    world.land(mail(TEXT, key="1"))
    broker = StubBroker()
    hand = Hand(world.stages, Bell(broker), at_once=AT_ONCE)
    declare(broker, hand)
    hand.answer("mail")
    [one] = world.applications()
    assert one["acknowledgement"]["state"] == "accepted"
    assert broker.queues[STEPS].empty()


class Some:
    """A stage that writes down that it ran, and says what to ring for."""

    def __init__(self, queue: str, after: Bells, done: list[str]) -> None:
        self.queue, self.after, self.done = queue, after, done

    def run(self, ids: Collection[int] | None) -> Bells:
        self.done.append(self.queue)
        return self.after

    def overdue(self, limit: int) -> Collection[int]:
        return []


def hand(ways: Mapping[str, Bells], done: list[str], broker: StubBroker) -> Hand:
    stages = {queue: Some(queue, after, done) for queue, after in ways.items()}
    made = Hand(stages, Bell(broker), at_once=AT_ONCE)
    declare(broker, made)
    return made


def test_a_hand_rings_for_what_nobody_waits_for():
    ways = {"mail": {"record": [1]}, "record": {"enclosures": [2], "sms": [3]}, "sms": {}}
    done, broker = list[str](), StubBroker()
    hand({**ways, "enclosures": {}}, done, broker)
    broker.get_actor("answer_mail")([1])
    assert done == ["mail", "record", "sms"]
    assert Message.decode(broker.queues["pages"].get_nowait()).args == ([2],)


def test_a_gateway_that_hangs_keeps_no_bell_from_the_others():
    rung: list[bool] = []
    broker = StubBroker()

    class Hangs(Some):
        def run(self, ids: Collection[int] | None) -> Bells:
            rung.append(not broker.queues["pages"].empty())
            return {}

    one = hand({"record": {"sms": [3], "enclosures": [2]}, "enclosures": {}}, [], broker)
    replace(one, stages={**one.stages, "sms": Hangs("sms", {}, [])}).answer("record")
    assert rung == [True]


def test_a_hand_sees_to_as_much_as_it_made_due():
    ways = {"mail": {"record": range(250)}, "record": {}}
    done = list[str]()
    hand(ways, done, StubBroker()).answer("mail")
    assert done == ["mail", *["record"] * 3]
