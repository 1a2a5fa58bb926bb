"""The door for sources that post: landed first, answered then; nobody else gets in."""

import hmac
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI
from peers.world import World
from starlette.testclient import TestClient

from ingest.contract import Context, Delivery, RawItem, Webhook, WebhookRequest
from ingest.errors import Later, Misconfigured, Refused
from portal.channel_hooks import LARGEST_POST, HookAnswer, answered, channel_hooks

EXAMPLE = Path(__file__).parents[2] / "examples" / "whatsapp"
SECRET = "made-up-app-secret"


class Bell:
    """A source that posts one letter for each item, and is told what to raise."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble

    def verify_and_items(self, request: WebhookRequest) -> Sequence[RawItem] | bytes:
        if self.trouble:
            raise self.trouble
        if request.method == "GET":
            return request.query["challenge"].encode()
        return [RawItem(f"k{n}", "text", b"%c" % letter) for n, letter in enumerate(request.body)]


Landed = list[Delivery]


def portal(webhook: Webhook, land: Callable[[Delivery], object]) -> TestClient:
    def receive(account: str, request: WebhookRequest) -> HookAnswer:
        if account != "bell":
            return HookAnswer(404)
        return answered(account, webhook, request, land)

    app = FastAPI()
    app.include_router(channel_hooks(receive))
    return TestClient(app, raise_server_exceptions=False)


def test_a_post_lands_in_bounded_deliveries_and_is_answered() -> None:
    landed: Landed = []
    answer = portal(Bell(), landed.append).post("/hooks/channel/bell", content=b"x" * 250)
    assert (answer.status_code, answer.content) == (200, b"")
    assert [len(delivery.items) for delivery in landed] == [100, 100, 50]
    assert all(delivery.checkpoint is None for delivery in landed)


def test_a_challenge_is_answered_as_text_and_lands_nothing() -> None:
    landed: Landed = []
    answer = portal(Bell(), landed.append).get("/hooks/channel/bell?challenge=<b>1</b>")
    assert answer.content == b"<b>1</b>"
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert landed == []


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (Refused("forged"), 403),
        (Later("not now"), 503),
        (Misconfigured("no secret", remedy="Set it."), 503),
        (ZeroDivisionError(), 500),
    ],
)
def test_what_is_not_landed_is_not_called_landed(trouble: Exception, status: int) -> None:
    landed: Landed = []
    answer = portal(Bell(trouble), landed.append).post("/hooks/channel/bell", content=b"x")
    assert (answer.status_code, answer.content.strip()) in (
        (status, b""),
        (status, b"Internal Server Error"),
    )
    assert landed == []


def test_a_post_that_cannot_be_landed_is_an_error_so_that_it_comes_again() -> None:
    def full(delivery: Delivery) -> None:
        raise OSError("no space")

    assert portal(Bell(), full).post("/hooks/channel/bell", content=b"x").status_code == 500


def test_an_account_that_takes_no_posts_is_not_found() -> None:
    assert portal(Bell(), print).post("/hooks/channel/nobody").status_code == 404


def test_a_post_is_bounded() -> None:
    landed: Landed = []
    client = portal(Bell(), landed.append)
    answer = client.post("/hooks/channel/bell", content=b"x" * (LARGEST_POST + 1))
    assert (answer.status_code, landed) == (413, [])


# -- the example plugin, through the door, to an application --------------------------------------


@pytest.fixture
def whatsapp(monkeypatch: pytest.MonkeyPatch, world: World) -> Iterator[TestClient]:
    """The door of an account of the example, over the real stages."""
    monkeypatch.syspath_prepend(str(EXAMPLE / "src"))
    from basvuru_whatsapp import CHANNEL
    from basvuru_whatsapp.reader import MEDIA, MESSAGE

    world.tools.readers.update({reader.kind: reader for reader in (MESSAGE, MEDIA)})
    secrets = {"access_token": "t", "app_secret": SECRET, "verify_token": "v"}
    settings = CHANNEL.settings.model_validate({"phone_number_id": "106540352242922", **secrets})
    context = Context("bell", structlog.get_logger(), lambda: world.moment)
    channel = CHANNEL.open(settings, context)
    yield portal(channel, lambda delivery: world.land(*delivery.items, account="bell"))
    channel.close()
    for name in [name for name in sys.modules if name.startswith("basvuru_whatsapp")]:
        del sys.modules[name]


def signed(body: bytes) -> dict[str, str]:
    signature = hmac.digest(SECRET.encode(), body, "sha256").hex()
    return {"X-Hub-Signature-256": f"sha256={signature}"}


def sample(name: str) -> bytes:
    return (EXAMPLE / "src" / "basvuru_whatsapp" / "samples" / f"{name}.json").read_bytes()


def test_a_message_becomes_an_application_once_and_its_sender_hears_of_it(
    whatsapp: TestClient, world: World
) -> None:
    body = sample("metin")
    send = partial(whatsapp.post, "/hooks/channel/bell", content=body, headers=signed(body))
    assert [send().status_code for _ in range(3)] == [200, 200, 200]
    world.drain()
    [application] = world.applications()
    assert application["channel"] == "whatsapp"
    assert [sms.to for sms in world.gateway.taken] == ["+905550001234"]


def test_a_file_is_announced_beside_its_message(whatsapp: TestClient, world: World) -> None:
    body = sample("fotograf")
    whatsapp.post("/hooks/channel/bell", content=body, headers=signed(body))
    world.drain()
    assert len(world.applications()) == 1
    assert world.quarantine() == {"announced": 1}


def test_a_forged_message_reaches_nothing(whatsapp: TestClient, world: World) -> None:
    body = sample("metin")
    answer = whatsapp.post("/hooks/channel/bell", content=body + b" ", headers=signed(body))
    world.drain()
    assert answer.status_code == 403
    assert world.applications() == []
