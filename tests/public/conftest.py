"""A portal that takes what people bring, over the tests' world."""

from dataclasses import replace

import pytest
from peers.site import Site
from starlette.testclient import TestClient

from basvuru.front_desk import FrontDesk
from ingest.channels import phone, web
from portal.app import Services, make_app
from portal.channel_hooks import HookAnswer
from portal.intake import Intake
from workers.bell import Bell

SECRET = b"secret of the tests"


class SilentBroker:
    """Rings nowhere."""

    def enqueue(self, message):
        """Tests let the stages run themselves."""


@pytest.fixture
def house(world) -> Services:
    desk = FrontDesk(
        world.database,
        world.lander,
        Bell(SilentBroker()),
        lambda: world.stages,
        lambda: world.moment,
    )
    return Services(
        database=world.database,
        now=lambda: world.moment,
        ring=lambda bells: world.drain(),
        receive=lambda account, request: HookAnswer(404),
        is_signed=lambda what, signature: False,
        intake=Intake(
            take=desk,
            house=lambda: world.tools.house,
            secret=SECRET,
            web=("web", web.Settings()),
            phone=("phone", phone.Settings(secret="call secret")),
        ),
    )


@pytest.fixture
def portal(house) -> TestClient:
    return TestClient(make_app(house), headers={"accept": "text/html"}, follow_redirects=True)


@pytest.fixture
def closed_portal(house) -> TestClient:
    closed = replace(house, intake=replace(house.intake, web=None))
    return TestClient(make_app(closed), headers={"accept": "text/html"})


@pytest.fixture
def site(house):
    with Site(house) as running:
        yield running
