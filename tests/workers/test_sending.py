"""Handing over: written ahead, sorted by what happens next, never resent blindly."""

from datetime import timedelta

import pytest
from peers.world import World, mail

from storage import daemons, outbox, views
from workers.gateways.contract import Accepted, Delivery, Never, NotNow, Receipt, Stop, Unknown

TEXT = "Hasar dosyam üç haftadır sonuçlanmadı, bilgi verilmesini rica ederim. Cep: 0555 000 12 34"


def state(world: World) -> str:
    [one] = world.applications()
    return str(one["acknowledgement"]["state"])


def told(world: World, *answers) -> World:
    world.gateway.answers = list(answers)
    world.receive(mail(TEXT, key="1"))
    return world


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (NotNow("throttled"), "pending"),
        (Never("no such number"), "failed"),
        (Stop("login refused", "Check the password."), "pending"),
        (Unknown("time-out"), "unknown"),
    ],
)
def test_each_outcome_leads_to_its_state(world, answer, expected):
    told(world, answer)
    assert state(world) == expected
    assert world.gateway.taken == []


def test_what_was_put_off_is_handed_over_later(world):
    told(world, NotNow("throttled", timedelta(seconds=40)))
    world.later(seconds=39)
    world.drain()
    assert world.gateway.taken == []
    world.later(seconds=2)
    world.drain()
    assert state(world) == "accepted"


def test_an_unknown_hand_over_is_never_resent_before_the_provider_says_it_has_nothing(world):
    told(world, Unknown("time-out"))
    world.later(hours=2)
    world.drain()
    assert (state(world), world.gateway.taken) == ("unknown", [])
    with world.database.read() as connection:
        [duty] = views.duties(connection)
    world.gateway.lookups[duty["reference"]] = False
    world.later(hours=1)
    world.drain()
    assert state(world) == "accepted"
    assert len(world.gateway.taken) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (True, "accepted"),
        (Receipt(Delivery.DELIVERED), "delivered"),
        (Receipt(Delivery.FAILED), "failed"),
    ],
)
def test_an_unknown_hand_over_becomes_what_the_provider_says(world, answer, expected):
    told(world, Unknown("time-out"))
    with world.database.read() as connection:
        [duty] = views.duties(connection)
    world.gateway.lookups[duty["reference"]] = answer
    world.later(hours=1)
    world.drain()
    assert (state(world), world.gateway.taken) == (expected, [])


TOPICS = (
    "Eksper raporu tamamlandı, hasar ödemem üç haftadır bekliyor, aracım serviste duruyor.",
    "Poliçe yenileme teklifinde hasarsızlık indirimi yok, prim iki katına çıkmış görünüyor.",
    "Çekici gelmedi, otoyolda çocuklarla dört saat kaldık, asistans hattı kapalıydı.",
    "Provizyon verilmediği için ameliyat masrafını kendim karşıladım, fatura ektedir.",
    "Acente adıma onaysız poliçe düzenlemiş, kartımdan taksit çekilmiş, iptal istiyorum.",
)


class Killed(BaseException):
    """The process dies here."""


def test_a_sender_that_dies_while_it_hands_over_leaves_an_unknown_row(world):
    with pytest.raises(Killed):
        told(world, Killed())
    assert state(world) == "submitting"
    world.later(seconds=121)
    world.stages["sms"].overdue(10)
    assert state(world) == "unknown"
    world.drain()
    assert world.gateway.taken == []


def test_receipts_only_move_forward(world):
    told(world)
    for receipt in (Delivery.BUFFERED, Delivery.DELIVERED, Delivery.BUFFERED, Delivery.FAILED):
        called_back(world, receipt)
    assert state(world) == "delivered"


def called_back(world: World, delivery: Delivery) -> None:
    world.gateway.receipts_of = [Receipt(delivery, provider_id="p0")]
    with world.database.write() as connection:
        daemons.keep_callback(
            connection,
            gateway="console",
            reference="",
            method="GET",
            query={},
            body=b"",
            content_type="",
            now=world.moment,
        )
    world.drain()


def test_a_callback_that_cannot_be_read_is_kept_and_holds_up_nobody(world, monkeypatch):
    told(world)

    def unreadable(_callback):
        raise ValueError("nonsense")

    monkeypatch.setattr(world.gateway, "receipts", unreadable)
    called_back(world, Delivery.DELIVERED)
    monkeypatch.undo()
    called_back(world, Delivery.DELIVERED)
    assert state(world) == "delivered"


def test_an_sms_that_could_not_go_for_a_day_becomes_an_open_duty(world):
    told(world, *[NotNow("down")] * 40)
    for _ in range(30):
        world.later(hours=1)
        world.drain()
    assert state(world) == "failed"
    assert world.gateway.taken == []


def test_a_day_has_its_budget(database, tmp_path, now):
    world = World(database, tmp_path, now, sms={"price": 1.0, "daily_cap": 2.0})
    letters = [mail(f"{TEXT[:-2]}{n}5", key=f"{n}", sender=f"k{n}@example.test") for n in range(3)]
    world.receive(*letters)
    assert len(world.gateway.taken) == 2
    world.later(days=1)
    world.drain()
    assert len(world.gateway.taken) == 3


def test_one_person_who_writes_on_and_on_is_acknowledged_within_limits(database, tmp_path, now):
    world = World(database, tmp_path, now, acknowledgement={"per_sender_hour": 2})
    for n, topic in enumerate(TOPICS):
        text = f"{topic} {n}. başvurumdur, bilgi verilmesini rica ederim. Cep 0555 000 12 34"
        world.receive(mail(text, key=f"{n}"))
    assert len(world.applications()) == len(TOPICS)
    assert len(world.gateway.taken) == 2


def test_each_of_a_batch_fares_for_itself(world):
    world.gateway.max_batch = 10
    world.gateway.answers = [Accepted("a"), Never("no such number"), Accepted("b"), Unknown("?")]
    subjects = ("kasko hasarım", "konut poliçem", "sağlık provizyonum", "trafik dosyam")
    world.receive(
        *(
            mail(f"{about}: {TEXT[:-1]}{n}", key=f"{n}", sender=f"k{n}@example.test")
            for n, about in enumerate(subjects)
        )
    )
    states = [one["acknowledgement"]["state"] for one in world.applications()]
    assert states == ["accepted", "failed", "accepted", "unknown"]


def test_a_receipt_that_is_faster_than_the_batch_keeps_what_it_said(world):
    world.gateway.max_batch = 10
    submit = world.gateway.submit

    def with_receipt(batch):
        outcomes = submit(batch)
        with world.database.write() as connection:
            outbox.apply_receipt(
                connection,
                "delivered",
                reference=batch[0].reference,
                provider_id="",
                gateway="console",
                detail="",
                now=world.moment,
            )
        return outcomes

    world.gateway.submit = with_receipt
    world.receive(
        mail(TEXT, key="1", sender="a@example.test"),
        mail("Poliçem yenilenmedi. Cep: 0555 000 12 35", key="2", sender="b@example.test"),
    )
    states = [one["acknowledgement"]["state"] for one in world.applications()]
    assert states == ["delivered", "accepted"]
    with world.database.read() as connection:
        kept = outbox.awaiting_receipt(connection, since=world.moment - timedelta(days=1), limit=9)
    assert [provider_id for provider_id, _ in kept] == ["p1"]
