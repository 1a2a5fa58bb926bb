"""Answers over a real SMTP server and a real SMS gateway."""

from contextlib import closing
from dataclasses import replace

import pytest
import structlog
from peers.answering import REASONS, an_application, answer, outbox, status
from peers.kannel import INSTALLED, PASSWORD, Kannel
from peers.server import wait_until
from peers.smtp import MailServer
from peers.world import World

from cases.answers.content import File
from storage import answers
from workers.gateways.contract import GatewayContext
from workers.gateways.kannel import GATEWAY, KannelSettings
from workers.pipeline import stages

pytestmark = pytest.mark.slow


@pytest.fixture
def server():
    with MailServer() as one:
        yield one


@pytest.fixture
def mailing(sqlite, tmp_path, now, server) -> World:
    """An installation that sends its mails through the server."""
    return World(sqlite, tmp_path, now, mail=server.settings)


def test_an_answer_leaves_with_a_return_path_and_an_acknowledgement_without(mailing, server):
    text = "Hasar dosyam sonuçlanmadı, ödeme istiyorum, mağdurum."
    one = an_application(mailing, text=text, message_id="first")
    [file] = mailing.blobs.put([b"%PDF-1.7 karar"])
    answer(mailing, one, files=(File("karar – ğüş.pdf", "application/pdf", file, 14),))
    (null, _, acknowledgement), (path, to, said) = server.taken
    assert (null, acknowledgement["Auto-Submitted"]) == ("<>", "auto-replied")
    assert (path, to) == ("basvuru@sirket.example.test", ("deneme.kisi@example.test",))
    assert said["Subject"] == "Başvurunuza yanıtımız [26-1994-3644]"
    assert said["References"] == said["In-Reply-To"] == "<first@example.test>"
    assert REASONS in said.get_body().get_content()
    [attached] = said.iter_attachments()
    assert attached.get_filename() == "karar – ğüş.pdf"


def test_an_address_that_is_refused_leaves_an_open_duty(mailing, server):
    one = an_application(mailing)
    server.refuse("yok@example.test", "550 5.1.1 No such user")
    answer_id = answer(mailing, one, recipient="yok@example.test")
    row = outbox(mailing, one)[f"answer:{answer_id}"]
    assert (row["state"], row["detail"]) == ("failed", "the address is refused (550)")
    with mailing.database.read() as connection:
        assert [r["purpose"] for r in answers.undelivered(connection)] == [f"answer:{answer_id}"]


def test_a_server_that_puts_it_off_gets_it_later_and_once(mailing, server):
    one = an_application(mailing)
    server.refuse("deneme.kisi@example.test", "451 4.7.1 Try again")
    answer_id = answer(mailing, one)
    assert outbox(mailing, one)[f"answer:{answer_id}"]["state"] == "pending"
    server.box.refuses.clear()
    mailing.later(hours=1)
    mailing.drain()
    assert [path for path, _, _ in server.taken] == ["basvuru@sirket.example.test"]
    assert status(mailing, one) == "answered"


@pytest.mark.skipif(not INSTALLED, reason="Kannel is not installed")
def test_a_long_turkish_answer_by_sms_arrives_whole(sqlite, tmp_path, now):
    world = World(sqlite, tmp_path, now)
    one = an_application(world)
    with Kannel(tmp_path / "kannel") as kannel:
        kannel.connect_smsc()
        settings = KannelSettings.model_validate(
            {"url": kannel.url, "username": "app", "password": PASSWORD}
        )
        context = GatewayContext(structlog.get_logger(), lambda: now)
        with closing(GATEWAY.open(settings, context)) as gateway:
            world.tools = replace(world.tools, gateway=gateway, callback_url=lambda _: "")
            world.stages = stages(world.tools)
            said = "Ödemeniz onaylanmıştır, tutar iki iş günü içinde hesabınıza geçecektir."
            answer_id = answer(world, one, medium="sms", template="answer", reasons=said)
            row = outbox(world, one)[f"answer:{answer_id}"]
            assert (row["state"], row["parts"]) == ("accepted", 1)
            wait_until(lambda: len(kannel.received) >= 3, "the parts of the text")
    got = "".join(text for _, _, text in kannel.received)
    assert got == outbox(world, one)[f"answer:{answer_id}"]["text"]
