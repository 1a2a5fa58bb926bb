"""Which gateways there are, how they are opened, and the one that only prints."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import metadata

import pytest

from config.errors import ConfigurationError
from workers.gateways import registry
from workers.gateways.console import Console, ConsoleSettings
from workers.gateways.contract import (
    Accepted,
    Callback,
    Delivery,
    Gateway,
    GatewayContext,
    GatewayDeclaration,
    NotNow,
    Receipt,
    Sms,
)
from workers.gateways.registry import declarations, open_gateway

KINDS = {"console", "kannel", "netgsm", "verimor", "iletimerkezi", "twilio", "smpp"}


def test_every_gateway_declares_itself_under_its_own_name() -> None:
    found = declarations()
    assert set(found) >= KINDS
    assert all(found[kind].kind == kind for kind in KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_setting_is_described(kind: str) -> None:
    fields = declarations()[kind].settings.model_fields
    assert [name for name, field in fields.items() if not field.description] == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_secrets_do_not_show(kind: str) -> None:
    secret = {"password", "key", "hash", "auth_token"}
    fields = declarations()[kind].settings.model_fields
    assert all("SecretStr" in str(fields[name].annotation) for name in secret & set(fields))


def test_a_gateway_is_opened_by_kind(context: GatewayContext) -> None:
    gateway = open_gateway("console", {}, context)
    assert gateway.check()[0]


def test_an_unknown_kind_is_answered_with_the_known_ones(context: GatewayContext) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_gateway("pigeon", {}, context)
    assert "pigeon" in caught.value.problem
    assert "netgsm" in caught.value.remedy


def test_every_bad_option_is_named_and_no_value_shown(context: GatewayContext) -> None:
    options = {"user": "x", "password": "hunter22", "timeout_seconds": "hunter33"}
    with pytest.raises(ConfigurationError) as caught:
        open_gateway("netgsm", options, context)
    problem = caught.value.problem
    for name in ("username", "user", "timeout_seconds"):
        assert f"[sms.options.{name}]" in problem
    assert "hunter" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.remedy


class NotADeclaration:
    """What a plugin might point its entry point at by mistake."""


@pytest.fixture(params=["no.such.module:X", f"{__name__}:NotADeclaration"])
def broken_plugin(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    point = metadata.EntryPoint("broken", request.param, registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    yield


@pytest.mark.usefixtures("broken_plugin")
def test_a_broken_plugin_is_named(context: GatewayContext) -> None:
    with pytest.raises(ConfigurationError, match="broken"):
        open_gateway("broken", {}, context)
    with pytest.raises(ConfigurationError, match="broken"):
        declarations()


def test_a_plugin_that_nobody_chose_does_no_harm(
    context: GatewayContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = [
        metadata.EntryPoint("broken", "no.such.module:X", registry.GROUP),
        metadata.EntryPoint("console", "workers.gateways.console:GATEWAY", registry.GROUP),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    assert open_gateway("console", {}, context).check()[0]


SMS = Sms("a1", "+905550001233", "Başvurunuz alındı", "ORNEK")


def test_the_console_prints_the_text_and_hides_the_number(now: datetime) -> None:
    paper = io.StringIO()
    console = Console(paper.write, lambda: now)
    assert console.submit([SMS]) == [Accepted("console-a1")]
    assert paper.getvalue() == "SMS +90 555 *** ** 33 [ORNEK] Başvurunuz alındı\n"


def test_the_console_gateway_prints_to_standard_output(
    context: GatewayContext, capsys: pytest.CaptureFixture[str]
) -> None:
    open_gateway("console", {}, context).submit([SMS])
    assert "Başvurunuz alındı" in capsys.readouterr().out


def test_what_the_console_printed_counts_as_delivered(now: datetime) -> None:
    console = Console(io.StringIO().write, lambda: now)
    assert console.poll(["console-a1", "17"], now - timedelta(days=1)) == [
        Receipt(Delivery.DELIVERED, "a1", "console-a1", at=now)
    ]


def test_a_closed_console_means_later(now: datetime) -> None:
    def broken_pipe(line: str) -> None:
        raise BrokenPipeError

    assert isinstance(Console(broken_pipe, lambda: now).submit([SMS])[0], NotNow)


def test_the_console_knows_nothing_of_callbacks_or_the_past(now: datetime) -> None:
    console: Gateway = Console(io.StringIO().write, lambda: now)
    assert console.lookup(SMS, now) is None
    with pytest.raises(ValueError, match="nobody"):
        console.receipts(Callback("POST", {}, b""))


@pytest.mark.parametrize("version", [None, 99])
def test_a_gateway_of_another_contract_version_is_refused(monkeypatch, version) -> None:
    declared = GatewayDeclaration(
        "mine", "Mine.", ConsoleSettings, lambda *_: None, contract_version=version
    )

    class Point:
        name, value = "mine", "mine:GATEWAY"

        def load(self):
            return declared

    monkeypatch.setattr(registry, "entry_points", lambda group: [Point()])
    with pytest.raises(ConfigurationError) as refused:
        registry.declarations()
    assert "contract" in f"{refused.value.problem} {refused.value.remedy}"
