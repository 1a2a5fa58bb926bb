"""A portal over the tests' world: in process for most tests, on a real server for browsers."""

from collections.abc import Callable, Iterator

import pytest
from peers.site import Site
from peers.staff import client_of, colleague
from peers.world import World
from starlette.testclient import TestClient

from portal.app import Services, make_app
from portal.channel_hooks import HookAnswer
from portal.intake import Intake


@pytest.fixture
def house(world: World) -> Services:
    return Services(
        database=world.database,
        now=lambda: world.moment,
        ring=lambda bells: world.drain(),
        receive=lambda account, request: HookAnswer(404),
        is_signed=lambda what, signature: signature == "sig-" + what.replace("/", "-"),
        key=b"test-key",
        office=world.tools.office,
        raw=world.blobs.get,
        land=lambda account, delivery: world.receive(*delivery.items, account=account),
        intake=Intake(
            take=lambda *_: None, house=lambda: world.tools.house, secret=b"secret of the tests"
        ),
    )


@pytest.fixture
def portal(house: Services) -> TestClient:
    return TestClient(make_app(house))


@pytest.fixture
def site(house: Services) -> Iterator[Site]:
    """A running server: slow tests only."""
    with Site(house) as running:
        yield running


@pytest.fixture
def signed_in(house: Services, portal: TestClient) -> Callable[..., TestClient]:
    """``signed_in("handler")``: a client that is signed in with these roles and sends the token."""
    return lambda *roles, **more: client_of(portal, colleague(house, *roles, **more))
