"""What is said in fields goes the way of every message, and is numbered at once."""

from peers.world import World

from basvuru.front_desk import FrontDesk
from ingest.forms import Form, FormFile, item
from normalizers.form import WEB
from normalizers.ocr.null import Null
from normalizers.reader import Options
from storage import receipts
from workers.bell import Bell


class SilentBroker:
    """Rings nowhere; remembers for what."""

    def __init__(self):
        self.rung = []

    def enqueue(self, message):
        self.rung.append((message.actor_name, message.args))


PHONE = "0555 000 12 34"


def form(text="Hasar ödemem üç haftadır yapılmadı, dosyam bekliyor.", **said):
    said = {"name": "Deneme Kişi", "phone": PHONE, "subject": "Ödeme gecikti"} | said
    return Form(text=text, **said)


def desk(world, stages=None):
    bell = Bell(SilentBroker())
    return FrontDesk(
        world.database, world.lander, bell, stages or (lambda: world.stages), lambda: world.moment
    )


def receipt(world, key):
    with world.database.read() as connection:
        return receipts.find(connection, "web", key)


def test_a_form_has_its_number_when_it_was_taken(world: World):
    desk(world)("web", "web", item("web", "k1", form(type="complaint")))
    found = receipt(world, "k1")
    assert found is not None and len(found.number) == 10
    assert found.how == "opened"
    [application] = world.applications()
    assert application["number"] == found.number
    assert application["type"] == "complaint"
    assert application["channel"] == "web"
    assert application["applicant"]["phone"] == "+905550001234"
    assert application["subject"] == "Ödeme gecikti"


def test_the_same_form_sent_twice_has_one_number(world: World):
    take = desk(world)
    for _ in range(2):
        take("web", "web", item("web", "k1", form()))
    take("web", "web", item("web", "k2", form()))
    assert len(world.applications()) == 1
    first, second = receipt(world, "k1"), receipt(world, "k2")
    assert first.number == second.number
    assert second.how == "repeat"
    [ledger] = world.ledger()
    assert (ledger["seen"], ledger["landed"], ledger["already_had"]) == (3, 2, 1)


def test_when_stages_fail_here_a_worker_numbers_it(world: World):
    def broken():
        raise RuntimeError("no keys in this process")

    desk(world, broken)("web", "web", item("web", "k1", form()))
    assert receipt(world, "k1").number == ""
    world.drain()
    assert receipt(world, "k1").number


def test_an_unknown_key_has_no_receipt(world: World):
    assert receipt(world, "never") is None


def test_a_proved_sender_joins_his_application_whatever_he_writes(world: World):
    take = desk(world)
    take("web", "web", item("web", "k1", form(phone="", email="deneme@example.test")))
    number = receipt(world, "k1").number
    other = form("Ekteki belgeyi de ekleyin lütfen.", subject="", phone="", proved=number)
    take("web", "web", item("web", "k2", other))
    [application] = world.applications()
    assert application["message_count"] == 2
    assert receipt(world, "k2").how == "reply"


def test_a_number_that_is_only_written_by_a_stranger_joins_nothing(world: World):
    take = desk(world)
    take("web", "web", item("web", "k1", form()))
    number = receipt(world, "k1").number
    stranger = form(
        f"{number} numaralı başvuru hakkında yazıyorum.", subject="", phone="0555 000 99 88"
    )
    take("web", "web", item("web", "k2", stranger))
    assert len(world.applications()) == 2


def test_what_a_colleague_writes_down_is_counted_on_the_way_it_came(world: World):
    desk(world)("phone", "phone", item("phone", "k1", form(medium="counter", entered_by="ayse")))
    [application] = world.applications()
    assert application["channel"] == "counter"
    assert application["account"] == "phone"


def test_files_are_kept_beside_the_form(world: World):
    data = b"%PDF-1.4 deneme"
    file = FormFile.of("../Dekont\u202e.pdf", "application/pdf", data)
    desk(world)("web", "web", item("web", "k1", form(files=(file,))), [data])
    [application] = world.applications()
    assert application["attachment_count"] == 1
    assert world.blobs.get(file.sha256) == data


def read(**said):
    return WEB.read(item("web", "k", Form(**said)), Options(ocr=Null())).message


def test_fields_say_what_they_are():
    message = read(
        text="34 ABC 123 plakalı aracım.",
        policy="1234 5678 / 9",
        phone=PHONE,
        identity="10000000146",
    )
    found = message.identifiers
    assert [one.value for one in found.policy] == ["123456789"]
    assert [one.value for one in found.phone] == ["+905550001234"]
    assert [one.value for one in found.tckn] == ["10000000146"]
    assert [one.value for one in found.plate] == ["34ABC123"]


def test_what_is_no_form_says_so():
    for body in (b"", b"[]", b"{", b'"x"', b"\xff"):
        broken = item("web", "k", Form(text="x")).__class__("k", "web", body)
        assert WEB.read(broken, Options(ocr=Null())).message.error
