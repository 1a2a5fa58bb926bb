"""A page on LinkedIn: its board, webhooks, answers, and the spellings of its URNs."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from social_house import House, Moment

from ingest.channels.linkedin import CHANNEL, LinkedInChannel
from ingest.channels.linkedin.client import encoded, listed
from ingest.contract import RawItem, ReplyTo, WebhookRequest
from ingest.errors import Refused
from ingest.outcomes import Accepted, Never, NotNow, Stop, Unknown
from ingest.testkit.standins.linkedin import (
    CREATE_LIMIT,
    DENIED,
    ORGANIZATION,
    SECRET,
    TOKEN,
    LinkedInStandin,
    signed,
)
from normalizers.ocr.null import Null
from normalizers.reader import Options
from normalizers.schema import Message
from normalizers.social import READER


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def linkedin(clock: Moment) -> Iterator[LinkedInStandin]:
    with LinkedInStandin(clock) as server:
        yield server


@pytest.fixture
def house(linkedin: LinkedInStandin, clock: Moment, tmp_path: Path) -> House:
    table: dict[str, Any] = {
        "kind": "linkedin",
        "poll_seconds": 60,
        "organization": ORGANIZATION,
        "access_token": TOKEN,
        "client_secret": SECRET,
        "base_url": linkedin.url,
    }
    return House(CHANNEL, table, tmp_path / "state", clock)


def channel(house: House) -> LinkedInChannel:
    opened = house.open()
    assert isinstance(opened, LinkedInChannel)
    return opened


def read(item: RawItem) -> Message:
    return READER.read(item, Options(Null())).message


def board(house: House) -> dict[str, str]:
    return {line.feature: line.state for line in channel(house).board()}


# -- what is read ----------------------------------------------------------------------------


def test_a_comment_becomes_a_message_with_author_thread_and_link(
    house: House, linkedin: LinkedInStandin
) -> None:
    comment = linkedin.comment("Poliçem 3 aydır gelmedi")
    house.turn()
    (item,) = house.landed.values()
    message = read(item)
    assert message.text == "Poliçem 3 aydır gelmedi"
    assert message.sender.handle == "linkedin:urn:li:person:AAAAAAAAAA"
    assert message.social is not None
    assert message.social.external_id == comment.number
    assert message.social.conversation_id == f"urn:li:activity:{comment.post}"
    assert message.social.url is not None
    assert message.social.url.endswith(comment.post)
    assert message.social.public


def test_what_a_notification_lacks_is_asked_for_once(
    house: House, linkedin: LinkedInStandin
) -> None:
    linkedin.decorated = False
    linkedin.comment("metni bildirimde yok")
    for _ in range(4):
        house.turn()
        house.clock.pass_(minutes=16)
    (item,) = house.landed.values()
    assert read(item).text == "metni bildirimde yok"
    assert sum("/socialActions/" in asked for asked in linkedin.asked) == 1


def test_an_edit_is_a_version_and_a_deletion_a_mark(
    house: House, linkedin: LinkedInStandin
) -> None:
    comment = linkedin.comment("ilk")
    house.clock.pass_(minutes=1)
    linkedin.edit(comment, "ikinci")
    house.clock.pass_(minutes=1)
    linkedin.delete(comment)
    house.turn()
    messages = {key.partition(comment.number)[2][:1]: read(i) for key, i in house.landed.items()}
    assert {mark: m.text for mark, m in messages.items()} == {"": "ilk", "@": "ikinci", "#": ""}
    facts = [m.social for m in messages.values() if m.social]
    assert {f.first_id for f in facts} == {comment.number}
    assert [f.deleted for f in facts].count(True) == 1
    assert messages["#"].is_machine, "a mark opens no application"
    edited = messages["@"].social
    assert edited is not None
    assert edited.edited_at == datetime.fromtimestamp(
        int(edited.version) / 1000, house.clock().tzinfo
    )


def test_urns_are_encoded_and_structures_are_not() -> None:
    assert encoded("urn:li:comment:(urn:li:activity:1,2)") == (
        "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C2%29"
    )
    assert listed(["A", "B,C"]) == "List(A,B%2CC)"


# -- the board -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "state"), [("202609", "ok"), ("202602", "warning"), ("202511", "dead")]
)
def test_a_version_is_warned_of_before_it_dies(house: House, version: str, state: str) -> None:
    house.table["version"] = version
    assert board(house)["API version"] == state
    finding = next(f for f in channel(house).check() if f.subject == "API version")
    assert finding.ok == (state == "ok")


def test_a_consent_is_warned_of_fourteen_days_ahead(house: House, clock: Moment) -> None:
    assert board(house)["consent"] == "ok"
    day: date = clock().date()
    for ago, state in ((40, "ok"), (47, "warning"), (61, "dead")):
        house.table["consented_on"] = day - timedelta(days=ago)
        assert board(house)["consent"] == state, ago


def test_a_missing_permission_names_the_role(house: House, linkedin: LinkedInStandin) -> None:
    linkedin.denied["/organizationalEntityNotifications"] = DENIED
    house.turn()
    assert "administrator" in house.said[0].remedy  # type: ignore[attr-defined]
    line = next(one for one in channel(house).board() if one.feature == "notifications")
    assert (line.state, bool(line.remedy)) == ("parked", True)


# -- webhooks --------------------------------------------------------------------------------


def pushed(house: House, body: bytes, signature: str) -> list[RawItem]:
    request = WebhookRequest("POST", {}, {"x-li-signature": signature}, body)
    items = channel(house).verify_and_items(request)
    assert not isinstance(items, bytes)
    return list(items)


def test_a_webhook_announces_and_the_poller_fetches(
    house: House, linkedin: LinkedInStandin
) -> None:
    linkedin.comment("itiraz ediyorum")
    (item,) = pushed(house, *linkedin.pushed(linkedin.notifications[-1]))
    assert item.problem == "announced: what was written is fetched by the poller"
    whole = channel(house).fetch_again(item.source_key)
    assert whole.problem is None
    assert read(whole).text == "itiraz ediyorum"


def test_the_challenge_of_linkedin_is_answered(house: House) -> None:
    answer = channel(house).verify_and_items(WebhookRequest("GET", {"challengeCode": "c"}, {}, b""))
    digest = hmac.new(SECRET.encode(), b"c", hashlib.sha256).hexdigest()
    assert isinstance(answer, bytes)
    assert json.loads(answer) == {"challengeCode": "c", "challengeResponse": digest}


def test_a_signature_without_the_prefix_is_refused(house: House) -> None:
    bare = hmac.new(SECRET.encode(), b"{}", hashlib.sha256).hexdigest()
    with pytest.raises(Refused):
        pushed(house, b"{}", bare)
    assert pushed(house, *signed(b"{}")) == []


def test_a_signed_body_that_is_no_json_is_kept(house: House) -> None:
    (item,) = pushed(house, *signed(b"\xff{"))
    assert item.problem == "unreadable: not JSON"


# -- answers ---------------------------------------------------------------------------------


def landed(house: House) -> ReplyTo:
    house.turn()
    (item,) = house.landed.values()
    return ReplyTo(item.source_key, item.facts)


def test_a_comment_is_answered_below_it(house: House, linkedin: LinkedInStandin) -> None:
    comment = linkedin.comment("yardım edin")
    to = landed(house)
    outcome = channel(house).reply(to, "Merhaba", private=False, reference="r")
    assert isinstance(outcome, Accepted)
    assert linkedin.sent == [{"to": comment.urn, "text": "Merhaba", "parent": comment.urn}]


def test_who_answered_a_comment_is_answered_beside_it(
    house: House, linkedin: LinkedInStandin
) -> None:
    first = linkedin.comment("ilk")
    house.turn()
    house.landed.clear()
    house.clock.pass_(minutes=16)
    linkedin.decorated = False
    linkedin.comment("yanıta yanıt", parent=first.urn)
    to = landed(house)
    assert isinstance(channel(house).reply(to, "Merhaba", private=False, reference="r"), Accepted)
    assert linkedin.sent[0]["parent"] == first.urn


@pytest.mark.parametrize("text", ["https://ornek.test/f", "www.ornek.test", "x" * 1_251, ""])
def test_an_answer_has_no_link_and_fits(house: House, linkedin: LinkedInStandin, text: str) -> None:
    linkedin.comment("yardım edin")
    to = landed(house)
    assert isinstance(channel(house).reply(to, text, private=False, reference="r"), Never)
    assert not linkedin.sent


def test_a_page_writes_to_nobody_in_private(house: House, linkedin: LinkedInStandin) -> None:
    linkedin.comment("yardım edin")
    to = landed(house)
    assert channel(house).rules(to, private=True).refusal
    assert isinstance(channel(house).reply(to, "Merhaba", private=True, reference="r"), Never)


def test_what_became_of_an_answer_is_never_guessed(house: House, linkedin: LinkedInStandin) -> None:
    linkedin.comment("yardım edin")
    to, opened = landed(house), channel(house)

    def outcome() -> object:
        return opened.reply(to, "Merhaba", private=False, reference="r")

    linkedin.limit = CREATE_LIMIT
    told = outcome()
    assert isinstance(told, NotNow)
    assert told.after == timedelta(minutes=5)
    linkedin.limit, linkedin.token = None, "revoked"
    assert isinstance(outcome(), Stop)
    linkedin.token, linkedin.down = TOKEN, True
    assert isinstance(outcome(), Unknown)
    linkedin.down = False
    linkedin.stop()
    assert isinstance(outcome(), NotNow), "a connection that was refused took nothing"
