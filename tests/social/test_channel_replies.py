"""Answers in the channel: by the rules of the network, once, and never over what nobody knows."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from peers.world import World
from social_items import item

from cases import contact_links
from cases.channel_replies import ChannelReply, owe_reply
from cases.channel_texts import CONTACT_LINK
from config.errors import ConfigurationError
from ingest.contract import ReplyRules, ReplyTo
from ingest.outcomes import Accepted, Never, NotNow, Outcome, Stop, Unknown
from storage import contacts

POST = "Hasar dosyam üç haftadır bekliyor, kimse aramıyor. Yardım eder misiniz?"


@dataclass
class Network:
    """A channel that answers as it is told; ``looks``: what it sees of what was sent."""

    outcomes: list[Outcome | Exception] = field(default_factory=list)
    looks: bool | None = None
    public_rules: ReplyRules = field(default_factory=lambda: ReplyRules(True, 280, may_link=False))
    private_rules: ReplyRules = field(
        default_factory=lambda: ReplyRules(False, 2000, may_link=True)
    )
    sent: list[tuple[str, str, bool]] = field(default_factory=list)
    closed: int = 0

    def rules(self, to: ReplyTo, *, private: bool) -> ReplyRules:
        return self.private_rules if private else self.public_rules

    def reply(self, to: ReplyTo, text: str, *, private: bool, reference: str) -> Outcome:
        outcome = self.outcomes.pop(0) if self.outcomes else Accepted(f"r{len(self.sent)}")
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, Accepted | Unknown):
            self.sent.append((to.source_key, text, private))
        return outcome

    def was_sent(self, to, text, *, private, reference, since) -> bool | None:
        return self.looks

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def answering(database, tmp_path, now) -> World:
    world = World(database, tmp_path, now, frozenset({"brand"}))
    world.channels["brand"] = Network()  # type: ignore[assignment]
    return world


def network(world: World) -> Network:
    return world.channels["brand"]  # type: ignore[return-value]


def rows(world: World) -> dict[str, Any]:
    with world.database.read() as connection:
        found = connection.exec_driver_sql("SELECT purpose, state, detail, text FROM outbox")
        return {row.purpose: row for row in found}


def owe(world: World, text: str, *, private: bool = False) -> None:
    [one] = world.applications()
    with world.database.write() as connection:
        message = contacts.opening_message(connection, one["id"])
        assert message is not None
        reply = ChannelReply(one["id"], message, "answer:1", text, private, "tr", "trace")
        owe_reply(connection, reply, world.moment)
    world.drain()


def test_a_post_is_acknowledged_where_it_was_written_and_the_sms_stays_owed(answering: World):
    answering.receive(item(POST), account="brand")
    found = rows(answering)
    assert found["received"].state == "no_phone"
    assert found["received_reply"].state == "accepted"
    public, private = network(answering).sent
    assert "26-1994-3644" in public[1]
    assert "http" not in public[1]
    assert len(public[1]) <= 280
    assert private[2]
    assert "https://sirket.example.test/iletisim/" in private[1]
    assert CONTACT_LINK in found["received_private"].text, "the token was stored"


def test_the_link_that_was_sent_opens_the_form_and_releases_the_sms(answering: World):
    answering.receive(item(POST, kind="dm", thread="42-99"), account="brand")
    [(_, text, private)] = network(answering).sent
    assert private
    token = text.partition("/iletisim/")[2].split()[0]
    with answering.database.write() as connection:
        contact_links.redeem(
            connection,
            token,
            contact_links.Contact("Deneme Kişi", "0555 000 12 34"),
            consent=True,
            house=answering.tools.house,
            now=answering.moment,
        )
    answering.drain()
    [sms] = answering.gateway.taken
    assert "26-1994-3644" in sms.text


def test_an_account_that_is_not_told_to_answer_does_not(world: World):
    world.channels["brand"] = Network()  # type: ignore[assignment]
    world.receive(item(POST), account="brand")
    assert set(rows(world)) == {"received"}


def test_where_a_network_has_no_private_way_that_is_no_duty(answering: World):
    no_way = ReplyRules(False, 0, may_link=False, refusal="No way here.")
    network(answering).private_rules = no_way
    answering.receive(item(POST), account="brand")
    found = rows(answering)["received_private"]
    assert (found.state, found.detail) == ("suppressed", "No way here.")


def test_a_post_that_was_taken_back_is_not_answered(answering: World):
    answering.receive(item("", deleted=True), account="brand")
    answering.receive(item(POST), account="brand")
    assert network(answering).sent == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Sizi 0555 000 12 34 numarasından arayacağız.", "phone"),
        ("Kaydınız: deneme.kisi@example.test", "email"),
        ("34 ABC 123 plakalı aracınız", "plate"),
        ("Ayrıntı: https://example.test/x", "link"),
        ("x" * 281, "long"),
        (" ", "empty"),
    ],
)
def test_what_may_not_be_said_in_public_becomes_a_duty(world: World, text: str, word: str):
    world.channels["brand"] = Network()  # type: ignore[assignment]
    world.receive(item(POST), account="brand")
    owe(world, text)
    found = rows(world)["answer:1"]
    assert (found.state, word in found.detail) == ("failed", True), found.detail
    assert network(world).sent == []


def test_our_own_line_may_be_named_in_public(world: World):
    world.channels["brand"] = Network()  # type: ignore[assignment]
    world.receive(item(POST), account="brand")
    owe(world, "Bizi 0850 000 00 00 numaralı hattan arayabilirsiniz.")
    assert rows(world)["answer:1"].state == "accepted"


def test_an_answer_that_comes_too_late_becomes_a_duty_with_the_reason(world: World):
    world.channels["brand"] = Network()  # type: ignore[assignment]
    until = world.moment
    network(world).private_rules = ReplyRules(False, 2000, may_link=True, until=until)
    world.receive(item(POST), account="brand")
    owe(world, "Merhaba", private=True)
    found = rows(world)["answer:1"]
    assert found.state == "failed"
    assert "Too late" in found.detail


@pytest.mark.parametrize("defect", [Unknown("it broke off."), ValueError("secret text")])
def test_what_may_have_been_sent_is_never_sent_again_blindly(world: World, defect: Any):
    world.channels["brand"] = Network(outcomes=[defect])  # type: ignore[assignment]
    world.receive(item(POST), account="brand")
    owe(world, "Merhaba")
    for _ in range(5):
        world.later(minutes=10)
        world.drain()
    assert len(network(world).sent) <= 1
    found = rows(world)["answer:1"]
    assert found.state == "unknown"
    assert "secret" not in found.detail


def test_what_does_not_stand_on_the_network_is_sent_again(world: World):
    world.channels["brand"] = Network([Unknown("it broke off.")], looks=False)  # type: ignore[assignment]
    world.receive(item(POST), account="brand")
    owe(world, "Merhaba")
    world.later(minutes=1)
    world.drain()
    assert rows(world)["answer:1"].state == "accepted"
    assert len(network(world).sent) == 2


def test_what_stands_on_the_network_was_sent(world: World):
    world.channels["brand"] = Network([Unknown("it broke off.")], looks=True)  # type: ignore[assignment]
    world.receive(item(POST), account="brand")
    owe(world, "Merhaba")
    world.later(minutes=1)
    world.drain()
    assert rows(world)["answer:1"].state == "accepted"
    assert len(network(world).sent) == 1


def test_our_answer_that_comes_back_settles_what_nobody_knew(world: World):
    world.channels["brand"] = Network([Unknown("it broke off.")])  # type: ignore[assignment]
    world.receive(item(POST), account="brand")
    owe(world, "Merhaba, sizi arıyoruz")
    first = "1900000000000000001"
    echo = item("Merhaba, sizi arıyoruz", external="190", reply_to=first, facts={"own": "1"})
    world.receive(echo, account="brand")
    assert rows(world)["answer:1"].state == "accepted"


def test_a_busy_network_is_asked_later_and_a_dead_account_waits_for_an_operator(world: World):
    stop = Stop("The token is dead.", "Make a new one.")
    later = NotNow("busy", timedelta(minutes=2))
    world.channels["brand"] = Network([later, stop])  # type: ignore[assignment]
    world.receive(item(POST), account="brand")
    owe(world, "Merhaba")
    assert rows(world)["answer:1"].state == "pending"
    world.later(minutes=3)
    world.drain()
    assert rows(world)["answer:1"].detail == "The token is dead. Make a new one."
    world.later(minutes=6)
    world.drain()
    assert rows(world)["answer:1"].state == "accepted"


def test_an_account_that_cannot_be_opened_waits_and_then_becomes_a_duty(world: World):
    def gone(account: str) -> Any:
        raise ConfigurationError("There is no channel brand any more.", remedy="Put it back.")

    object.__setattr__(world.tools, "open_account", gone)
    world.receive(item(POST), account="brand")
    owe(world, "Merhaba")
    assert rows(world)["answer:1"].state == "pending"
    world.later(days=8)
    world.drain()
    assert rows(world)["answer:1"].state == "failed"


def test_a_refusal_of_the_network_becomes_a_duty(world: World):
    world.channels["brand"] = Network([Never("Answer it by hand.")])  # type: ignore[assignment]
    world.receive(item(POST), account="brand")
    owe(world, "Merhaba")
    found = rows(world)["answer:1"]
    assert (found.state, found.detail) == ("failed", "Answer it by hand.")


def test_a_worker_that_dies_in_the_middle_leaves_an_answer_unknown(world: World):
    class Dies(Network):
        def reply(self, *_: Any, **__: Any) -> Outcome:
            raise KeyboardInterrupt

    world.channels["brand"] = Dies()  # type: ignore[assignment]
    world.receive(item(POST), account="brand")
    with pytest.raises(KeyboardInterrupt):
        owe(world, "Merhaba")
    world.channels["brand"] = Network()  # type: ignore[assignment]
    world.later(minutes=10)
    world.stages["reply"].overdue(10)
    world.drain()
    assert rows(world)["answer:1"].state == "unknown"
    assert network(world).sent == []
