"""A day of traffic with everything that goes wrong in one, on a clock that the test moves.

At its end every version of everything that could be read is recorded, once, and what could not
be read lies in a reported gap.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from meta_helpers import Reading, SetClock

from ingest.channels import facebook, instagram
from ingest.contract import Declaration, RawItem
from ingest.errors import Later, Misconfigured
from ingest.social.meta_channel import MetaChannel
from ingest.social.meta_said import moment
from ingest.social.state import StateFile
from ingest.testkit.standins import graph as standin
from ingest.testkit.standins.graph import GraphServer
from ingest.testkit.standins.graph_data import IG, PAGE

STEP = timedelta(minutes=10)
STEPS = 24 * 6
TROUBLES = ("faults", "limit", "bare limit", "down", "dead", "denied", "skew", "shift")
FAULTS = (
    standin.ERROR_PAGE,
    standin.NO_TYPE,
    standin.NOT_JSON,
    standin.CUT_BODY,
    standin.LIST_BODY,
    standin.TRANSIENT,
    standin.EXPIRED_CURSOR,
    standin.error(1),
)


@dataclass
class Day:
    """One account, its visitors, and the poller that keeps dying."""

    reading: Reading
    chance: random.Random
    versions: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    removed: dict[str, int] = field(default_factory=dict)
    channel: MetaChannel | None = None
    pushed: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    deck: list[str] = field(default_factory=list)
    mends: list[tuple[int, Callable[[], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data, self.server = self.reading.server.data, self.reading.server
        self.is_facebook = self.reading.declaration.kind == "facebook"
        self.number = 0
        self.places = [self.place() for _ in range(3)]

    def place(self) -> str:
        if self.is_facebook:
            return self.data.post_by(PAGE, "Kampanya")
        return self.data.media_by(IG, "Yeni ürün")

    # -- traffic -----------------------------------------------------------------------------

    def happen(self, step: int) -> None:
        for _ in range(self.chance.choice((0, 0, 1, 1, 2, 4))):
            self.chance.choice(
                (self.comment, self.comment, self.reply, self.open_up, self.message, self.own)
            )()
        if self.chance.random() < 0.06:
            self.chance.choice((self.edit, lambda: self.remove(step)))()
        if self.chance.random() < 0.02:
            self.places.append(self.place())
        if self.chance.random() < 0.02:
            self.burst()

    def said(self, thing: str, text: str) -> None:
        self.versions[thing].append(text)

    def text(self) -> str:
        self.number += 1
        return self.chance.choice(("şikâyet", "teşekkür 😀", "öneri")) + f" {self.number}"

    def person(self) -> str:
        return f"7{self.chance.randrange(40):04d}"

    def comment(self) -> None:
        text, place = self.text(), self.chance.choice(self.places)
        write = self.data.comment_by if self.is_facebook else self.data.ig_comment_by
        self.said(write(self.person(), text, place), text)

    def reply(self) -> None:
        on = [t for t in self.versions if t in self.data.objects and self.is_comment(t)]
        if not on:
            return
        text, write = self.text(), self.data.ig_comment_by
        if self.is_facebook:
            write = self.data.comment_by
        self.said(write(self.person(), text, self.chance.choice(on)), text)

    def is_comment(self, thing: str) -> bool:
        made = self.data.objects[thing]
        return "_post" in made or ("_media" in made and made["_media"] in self.places)

    def open_up(self) -> None:
        """A post of a visitor, a tag, a mention."""
        text = self.text()
        if self.is_facebook:
            edge = self.chance.choice(("feed", "tagged"))
            self.said(self.data.post_by(self.person(), text, edge=edge), text)
        elif self.chance.random() < 0.5:
            self.said(self.data.media_by(self.person(), text, edge="tags"), text)
        else:
            self.said(self.data.ig_mention_by(self.person(), text), text)

    def message(self, person: str = "") -> None:
        text, platform = self.text(), "messenger" if self.is_facebook else "instagram"
        self.said(self.data.message_by(person or self.person(), text, platform=platform), text)

    def burst(self) -> None:
        person = self.person()
        for _ in range(30):
            self.message(person)
            self.reading.clock.pass_(seconds=1)

    def own(self) -> None:
        text, place = self.text(), self.chance.choice(self.places)
        if self.is_facebook:
            self.said(self.data.comment_by(PAGE, text, place), text)
        else:
            self.said(self.data.ig_comment_by(IG, text, place), text)

    def edit(self) -> None:
        """Instagram knows no edits of comments."""
        posts = [t for t in self.versions if t in self.data.objects and "_post" in self.thing(t)]
        if posts:
            thing, text = self.chance.choice(posts), self.text()
            self.data.edit(thing, text)
            self.said(thing, text)

    def thing(self, thing: str) -> dict[str, object]:
        return self.data.objects[thing]

    def remove(self, step: int) -> None:
        """Something that a poll saw: what came by webhook alone and goes is told by webhook."""
        seen = StateFile(self.reading.folder).section("watched")
        leaves = [
            t
            for t in self.versions
            if t in seen and t in self.data.objects and self.is_comment(t) and self.is_leaf(t)
        ]
        if leaves:
            thing = self.chance.choice(leaves)
            self.data.remove(thing)
            self.removed[thing] = step

    def is_leaf(self, thing: str) -> bool:
        return not self.data.edges.get((thing, "replies")) and not any(
            made.get("parent") == {"id": thing} for made in self.data.objects.values()
        )

    # -- trouble -----------------------------------------------------------------------------

    def go_wrong(self, step: int) -> None:
        for at, mend in [m for m in self.mends if m[0] <= step]:
            mend()
            self.mends.remove((at, mend))
        if self.mends or self.chance.random() > 0.25:
            return
        if not self.deck:
            self.deck = self.chance.sample(TROUBLES, len(TROUBLES))
        name = self.deck.pop()
        self.troubles[name] += 1
        self.mends.append((step + self.chance.randrange(1, 10), self.start(name)))

    def start(self, name: str) -> Callable[[], None]:
        """Begin it; returns what ends it."""
        server = self.server
        if name == "faults":
            server.faults.extend(self.chance.choices(FAULTS, k=self.chance.randrange(1, 12)))
            return server.faults.clear
        if name in ("limit", "bare limit"):
            minutes = self.chance.randrange(1, 50)
            after = timedelta(minutes=minutes) if name == "limit" else None
            server.limit = standin.throttled(after)
            return lambda: setattr(server, "limit", None)
        if name == "down":
            server.down = True
            return lambda: setattr(server, "down", False)
        if name == "dead":
            server.dead = self.chance.choice((458, 460, 463, 467))
            return self.authorise_again
        if name == "denied":
            server.denied = {"conversations": self.chance.choice((10, 200))}
            return server.denied.clear
        if name == "skew":
            server.skew = timedelta(minutes=self.chance.randrange(-600, 600))
            return lambda: setattr(server, "skew", timedelta())
        server.insert = self.comment
        return lambda: None

    def authorise_again(self) -> None:
        self.server.dead, self.server.token = 0, f"EAAnew{self.chance.random()}"
        self.reading.options["page_token"] = self.server.token

    # -- reading -----------------------------------------------------------------------------

    def poll(self) -> None:
        if self.channel is not None and self.chance.random() < 0.3:
            self.channel = None  # died: nothing was closed
        self.channel = self.channel or self.reading.open()
        try:
            if self.chance.random() < 0.1:
                self.die(self.channel)
            else:
                self.reading.drain(self.channel)
        except (Later, Misconfigured) as failure:
            self.troubles[type(failure).__name__] += 1
            self.channel.close()
            self.channel = None
        self.fetch_announced()

    def die(self, channel: MetaChannel) -> None:
        """After some deliveries, the last of which was not landed."""
        for delivery in islice(channel.read(self.reading.checkpoint), self.chance.randrange(3)):
            self.reading.land(delivery.items)
            self.reading.gaps += delivery.gaps
            self.reading.checkpoint = delivery.checkpoint or self.reading.checkpoint
        self.channel = None

    def fetch_announced(self) -> None:
        """What the engine does with items that have a problem."""
        for key, item in self.reading.landed.items():
            if item.problem and self.channel is not None:
                try:
                    self.reading.landed[key] = self.channel.fetch_again(key)
                except (Later, Misconfigured):
                    return

    def push(self) -> None:
        """Some webhooks come, in disorder and twice; those of mentions come until they arrived."""
        changes = list(range(self.pushed, len(self.data.changes)))
        self.pushed = len(self.data.changes)
        wanted = [n for n in changes if self.must_come(n) or self.chance.random() < 0.5]
        wanted += self.chance.sample(range(self.pushed), min(2, self.pushed))
        self.chance.shuffle(wanted)
        if wanted:
            self.reading.push(*wanted)

    def must_come(self, number: int) -> bool:
        changes = self.data.changes[number]["entry"].get("changes", [{}])
        return bool(changes[0].get("field") == "mentions")

    # -- the end -----------------------------------------------------------------------------

    def settle(self) -> None:
        for _, mend in self.mends:
            mend()
        self.mends.clear()
        self.server.denied.clear()
        for _ in range(8):
            self.reading.clock.pass_(minutes=61)
            self.poll()


def text_in(item: RawItem) -> str:
    data = json.loads(item.body)["data"]
    data = data.get("value", data)
    told = data.get("message", data.get("text", data.get("caption", "")))
    return str(told.get("text", "") if isinstance(told, dict) else told)


@pytest.fixture(params=[facebook.CHANNEL, instagram.CHANNEL], ids=["facebook", "instagram"])
def reading(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reading]:
    clock = SetClock()
    declaration: Declaration = request.param
    with GraphServer(clock) as server:
        yield Reading(declaration, server, clock, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_every_reachable_item_is_recorded_once_and_the_rest_is_a_gap(
    reading: Reading, seed: int
) -> None:
    day = Day(reading, random.Random(seed))
    day.poll()
    for step in range(STEPS):
        reading.clock.pass_(seconds=STEP.total_seconds())
        day.go_wrong(step)
        day.happen(step)
        day.push()
        day.poll()
    day.settle()
    assert day.troubles.keys() >= {*TROUBLES, "Later", "Misconfigured"}
    invented, twice = surplus(day)
    assert not invented
    assert not twice
    assert not missing(day)
    assert not unmarked(day)


def surplus(day: Day) -> tuple[list[str], list[tuple[str, str]]]:
    """Keys of things that nobody said, and versions that have two keys."""
    said = Counter[tuple[str, str]]()
    invented = []
    for key, item in day.reading.landed.items():
        thing = key.partition("/")[2].partition("@")[0].partition("#")[0]
        if "#deleted" in key:
            invented += [] if thing in day.removed else [key]
            continue
        known = day.versions.get(thing) or day.versions.get(f"m_{thing}", [])
        text = text_in(item)
        invented += [] if text in known else [key]
        said[thing, text] += 1
    return invented, [which for which, count in said.items() if count > 1]


def missing(day: Day) -> list[str]:
    """Things whose last version is not recorded and that lie in no gap."""
    recorded = {(i.facts.get("first_id"), text_in(i)) for i in day.reading.landed.values()}
    lost = []
    for thing, texts in day.versions.items():
        made = day.data.objects.get(thing)
        if made is None or (thing.removeprefix("m_"), texts[-1]) in recorded:
            continue
        at = moment(made.get("created_time") or made.get("timestamp"))
        assert at is not None
        if not any(gap.since <= at <= gap.until for gap in day.reading.gaps):
            lost.append(thing)
    return lost


def unmarked(day: Day) -> list[str]:
    """Things that were taken back and have no mark."""
    marks = {i.facts["first_id"] for i in day.reading.landed.values() if i.facts.get("deleted")}
    return [thing for thing in day.removed if thing not in marks]
