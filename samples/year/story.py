"""What happens to each made-up application, until it is closed. Pure: a seed in, stories out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays

from cases.deadlines.watch import Line, recipients
from samples.year import words

ISTANBUL = ZoneInfo("Europe/Istanbul")
OPEN, SHUT = time(9), time(18)


@dataclass(frozen=True, slots=True)
class Step:
    """One event: when, what, by whom, with which data."""

    at: datetime
    kind: str
    actor: str
    data: Mapping[str, Any]


@dataclass(slots=True)
class Story:
    received_at: datetime
    recorded_at: datetime
    channel: str
    name: str
    phone: str | None
    email: str | None
    handle: str | None
    text: str
    steps: list[Step] = field(default_factory=list)
    joined_into: int | None = None
    """Place of the story that this one is a duplicate of."""


@lru_cache(maxsize=4000)
def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in _free(day.year)


@lru_cache(maxsize=20)
def _free(year: int) -> frozenset[date]:
    return frozenset(country_holidays("TR", years=[year], language="tr"))


def working_day_after(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(days=1)
        count -= is_working(day)
    return day


def at_work(rng: Random, after: datetime, working_days: int) -> datetime:
    """A moment in office hours so many working days later, never before ``after``."""
    local = after.astimezone(ISTANBUL)
    day = working_day_after(local.date(), working_days)
    moment = datetime.combine(day, OPEN, ISTANBUL) + timedelta(minutes=rng.randrange(535))
    if moment <= local or not is_working(day):
        if is_working(local.date()) and local.time() < time(17, 30):
            moment = local + timedelta(minutes=rng.uniform(2, 25))
        else:
            day = working_day_after(local.date(), 1)
            moment = datetime.combine(day, OPEN, ISTANBUL) + timedelta(minutes=rng.randrange(90))
    return moment.astimezone(UTC)


class Year:
    """Stories of one year, oldest first. ``storm``: the disaster day, with a tail of weeks."""

    def __init__(self, year: int, count: int, seed: int) -> None:
        self.rng, self.year, self.count = Random(seed), year, count
        self.storm = date(year, 6, 17)
        self.end = datetime(year + 1, 1, 1, 6, tzinfo=ISTANBUL).astimezone(UTC)
        self.people = max(count * 3 // 4, 5)

    def stories(self) -> Iterator[Story]:
        moments = sorted(self._moments())
        recent: list[tuple[int, Story]] = []
        for place, (received, stormy) in enumerate(moments):
            story = self._story(received, stormy)
            if recent and self.rng.random() < 0.025:
                self._duplicate(story, self.rng.choice(recent))
            else:
                Life(self.rng, story, self.end, stormy).tell()
                recent = [*recent[-60:], (place, story)]
            yield story

    def _moments(self) -> Iterator[tuple[datetime, bool]]:
        days = [date(self.year, 1, 1) + timedelta(days=i) for i in range(365)]
        weights = [
            words.MONTHS[d.month - 1]
            * words.WEEKDAYS[d.weekday()]
            * (0.5 if d in _free(self.year) else 1)
            for d in days
        ]
        stormy = self.count * 3 // 100
        for day in self.rng.choices(days, weights, k=self.count - stormy):
            yield self._within(day), False
        for _ in range(stormy):
            late = min(int(self.rng.expovariate(0.45)), 40)
            yield self._within(self.storm + timedelta(days=late)), True

    def _within(self, day: date) -> datetime:
        [hour] = self.rng.choices(range(24), words.HOURS)
        moment = datetime.combine(day, time(hour), ISTANBUL)
        return (moment + timedelta(seconds=self.rng.randrange(3600))).astimezone(UTC)

    def _story(self, received: datetime, stormy: bool) -> Story:
        rng = self.rng
        channel = pick(rng, words.CHANNELS)
        who = rng.randrange(self.people)
        first, last = words.NAMES, words.SURNAMES
        name = f"{first[who % len(first)]} {last[who // 7 % len(last)]}"
        wait = rng.expovariate(1 / 45) if channel not in ("fax", "post") else rng.uniform(120, 9000)
        social = channel in ("x", "instagram", "facebook", "linkedin")
        has_phone = not social and rng.random() < 0.93
        return Story(
            received_at=received,
            recorded_at=received + timedelta(seconds=3 + wait),
            channel=channel,
            name=name,
            phone=f"+90555{who:07d}" if has_phone else None,
            email=f"kisi{who}@example.test" if channel in ("email", "web") else None,
            handle=f"{channel}:@deneme{who}" if social else None,
            text=rng.choice(words.STORM) if stormy else "",
        )

    def _duplicate(self, story: Story, of: tuple[int, Story]) -> None:
        place, first = of
        story.name, story.phone, story.email = first.name, first.phone, first.email
        story.text, story.joined_into = first.text, place
        later = at_work(self.rng, story.recorded_at, 0)
        story.steps = [Step(story.recorded_at, "recorded", "system", {})]
        if later < self.end:
            story.steps.append(Step(later, "joined_into", "staff:operator", {}))


class Life:
    """Tells one story: fills in its steps, until the year is over."""

    def __init__(self, rng: Random, story: Story, end: datetime, stormy: bool) -> None:
        self.rng, self.story, self.end, self.stormy = rng, story, end, stormy
        self.now = story.recorded_at
        self.type = "complaint" if stormy else pick(rng, words.TYPES)
        self.branch, self.topic, self.home, self.causes = self._about()
        self.slow = 2.2 if stormy else 1.0

    def tell(self) -> None:
        self.step("recorded", "system")
        self.now = at_work(self.rng, self.now, self.rng.choices((0, 1, 3), (78, 18, 4))[0])
        self._assess()
        if self.type in ("thanks", "suggestion"):
            self.now = at_work(self.rng, self.now, self.rng.randrange(3))
            self.step("answered", "staff:musteri", medium="email", position="noted")
            self._close("noted")
            return
        self._handle()
        self._answer_and_close(again=False)
        self._run_out()

    def step(self, kind: str, actor: str, /, **data: Any) -> None:
        if self.now < self.end:
            self.story.steps.append(Step(self.now, kind, actor, data))

    def _run_out(self) -> None:
        """What the watch over deadlines writes when a clock runs out unanswered; the warnings
        before that are left out."""
        steps = self.story.steps
        answered = next((s.at for s in steps if s.kind in ("answered", "closed")), self.end)
        dues = next((s.data for s in steps if s.kind == "deadlines_set"), {})
        for name, clock in (("legal_due_at", "legal"), ("sla_due_at", "internal")):
            at = datetime.fromisoformat(dues[name]) + timedelta(minutes=1) if name in dues else None
            if at is not None and at < min(answered, self.end):
                steps += self._escalation(clock, at)
        steps.sort(key=lambda step: step.at)

    def _escalation(self, clock: str, at: datetime) -> Iterator[Step]:
        routed = [s.data["department"] for s in self.story.steps if s.kind == "routed" if s.at < at]
        home = routed[-1] if routed else None
        for place, to in enumerate(recipients(clock, 100, home, Line())):
            data = {"clock": clock, "share": 100, "to": to}
            yield Step(at, "escalated" if place else "warned", "system", data)

    def _about(self) -> tuple[str, str, str, Sequence[str]]:
        rng, fill = self.rng, self._slots()
        if self.stormy:
            self.story.text = self.story.text.format(**fill)
            branch = rng.choice(("kasko", "kasko", "konut", "isyeri"))
            home = "oto-hasar" if branch == "kasko" else "oto-disi-hasar"
            return branch, "hasar/odeme-gecikmesi", home, ("kapasite", "mucbir")
        if self.type in words.OTHERS:
            topic, text = words.OTHERS[self.type]
            self.story.text = text.format(**fill)
            home = "kisisel-veri" if self.type == "data_protection" else "musteri-hizmetleri"
            return pick(rng, words.BRANCHES), topic, home, ()
        topic = pick(rng, {name: row[0] for name, row in words.TOPICS.items()})
        _, home, causes, text = words.TOPICS[topic]
        self.story.text = text.format(**fill)
        branch = self._branch_for(topic)
        return branch, topic, _department(home, branch), causes

    def _branch_for(self, topic: str) -> str:
        if topic == "hasar/provizyon":
            return self.rng.choice(("saglik-tamamlayici", "saglik-tamamlayici", "saglik-bireysel"))
        if topic in ("hasar/deger-kaybi", "hasar/pert", "hasar/onarim", "hizmet/asistans"):
            return self.rng.choice(("kasko", "trafik"))
        return pick(self.rng, words.BRANCHES)

    def _slots(self) -> dict[str, Any]:
        self.province = pick(self.rng, words.PROVINCES)
        amount = self.rng.choice((850, 1_400, 3_250, 7_800, 12_500, 24_000))
        return {
            "city": words.CITIES[self.province],
            "days": self.rng.choice((2, 3, 5, 8, 12, 20)),
            "amount": f"{amount:,}".replace(",", "."),
        }

    def _assess(self) -> None:
        rng = self.rng
        urgent = self.topic == "hasar/provizyon" or self.story.channel == "seddk"
        priority = (
            4
            if self.type in ("thanks", "suggestion")
            else 1
            if urgent
            else rng.choices((1, 2, 3), (4, 22, 74))[0]
        )
        agent = {"agent": f"A{rng.randrange(1, 41):03d}"} if self.topic.startswith("satis") else {}
        data = {"type": self.type, "branch": self.branch, "topic": self.topic, "priority": priority}
        self.step("assessed", "staff:musteri", **data, province=self.province, **agent)
        received = self.story.received_at.astimezone(ISTANBUL).date()
        if self.type == "data_protection":
            last = received + timedelta(days=30)
        else:
            last = working_day_after(received, 15)
        sla = working_day_after(self.story.recorded_at.astimezone(ISTANBUL).date(), 5)
        legal = {} if self.type in ("thanks", "suggestion") else {"legal_due_at": _end_of(last)}
        self.step("deadlines_set", "rule:insurer-15", **legal, sla_due_at=_end_of(sla))
        if rng.random() < 0.03 and priority == 3:
            self.now += timedelta(minutes=40)
            self.step("assessed", "staff:denetci", **(data | {"priority": 2}), reason="review")

    def _handle(self) -> None:
        rng = self.rng
        self.now += timedelta(minutes=rng.uniform(1, 30))
        direct = rng.random() < 0.3 and self.type != "objection"
        self.step("routed", "rule:topic", department="musteri-hizmetleri" if direct else self.home)
        if not direct and rng.random() < 0.16:
            self.now = at_work(rng, self.now, rng.randrange(1, 4))
            other = rng.choice(("hukuk", "musteri-hizmetleri", "tahsilat", "oto-hasar"))
            self.step(
                "routed", "staff:bolum", department=other, **{"from": self.home}, reason="theirs"
            )
        self.step("looked_up", "system", source="policy", found=int(rng.random() < 0.8))
        if rng.random() < 0.14:
            self.now = at_work(rng, self.now, 1)
            self.step("asked", "staff:bolum", medium="sms" if self.story.phone else "email")
            self.now = at_work(rng, self.now, rng.randrange(1, 5))
            self.step("applicant_replied", "applicant")
        days = (
            0 if direct and rng.random() < 0.5 else int(rng.lognormvariate(1.0, 0.75) * self.slow)
        )
        self.now = at_work(rng, self.now, min(days, 45))
        if self.type in ("complaint", "objection") and self.causes:
            cause = rng.choices(self.causes, (6, 3, 1)[: len(self.causes)])[0]
            verdict = rng.choices(("yes", "partly", "no"), (45, 20, 35))[0]
            self.step(
                "cause_found", "staff:bolum", cause=cause, department=self.home, justified=verdict
            )

    def _answer_and_close(self, *, again: bool) -> None:
        rng = self.rng
        judged = self.type in ("complaint", "objection")
        weights = (40, 18, 42) if judged else (80, 8, 12)
        position = (
            "informed"
            if self.type == "information"
            else rng.choices(("accepted", "partly", "rejected"), weights)[0]
        )
        self.now += timedelta(minutes=rng.uniform(5, 60))
        medium = "email" if self.story.email else "sms" if self.story.phone else "private"
        self.step("answered", "staff:bolum", medium=medium, position=position, by="staff:bolum")
        self.now = at_work(rng, self.now, rng.choices((0, 1, 3), (65, 25, 10))[0])
        paid = position in ("accepted", "partly") and judged and rng.random() < 0.4
        outcome = (
            position
            if rng.random() > 0.03
            else rng.choice(("withdrawn", "out_of_scope", "referred"))
        )
        self._close(outcome, redress=int(rng.lognormvariate(12.2, 1.0)) if paid else 0)
        if position == "rejected" and judged and rng.random() < 0.05:
            self.now = at_work(rng, self.now, rng.randrange(8, 40))
            kind = rng.choices(("arbitration", "consumer_board", "court"), (75, 17, 8))[0]
            self.step("proceeding_opened", "staff:hukuk", kind=kind)
            self.now = at_work(rng, self.now, rng.randrange(60, 120))
            self.step(
                "proceeding_closed",
                "staff:hukuk",
                kind=kind,
                outcome=rng.choice(("for_us", "against_us", "partly")),
            )
        elif not again and rng.random() < (0.09 if position == "rejected" else 0.03):
            self.now = at_work(rng, self.now, rng.randrange(1, 15))
            self.step("reopened", "applicant", reason="not_satisfied", by="applicant")
            self.now = at_work(rng, self.now, rng.randrange(1, 8))
            self._answer_and_close(again=True)

    def _close(self, outcome: str, redress: int = 0) -> None:
        self.step("closed", "staff:bolum", outcome=outcome, redress=redress, reason="answered")
        if self.rng.random() < 0.35 and self.story.phone:
            self.now += timedelta(hours=2)
            self.step("survey_sent", "system", medium="sms")
            if self.rng.random() < 0.27:
                self.now += timedelta(hours=self.rng.uniform(1, 40))
                good = outcome in ("accepted", "noted", "informed")
                score = self.rng.choices(
                    (1, 2, 3, 4, 5), (4, 5, 13, 38, 40) if good else (31, 23, 22, 16, 8)
                )[0]
                recommends = min(10, max(0, score * 2 + self.rng.choice((-1, 0, 0, 1))))
                self.step("survey_answered", "applicant", score=score, recommends=recommends)


def pick(rng: Random, weighted: Mapping[str, float]) -> str:
    return rng.choices(list(weighted), list(weighted.values()))[0]


def _department(home: str, branch: str) -> str:
    motor, health = branch in words.MOTOR, branch.startswith(words.HEALTH)
    if home == "hasar":
        return "oto-hasar" if motor else "saglik-hasar" if health else "oto-disi-hasar"
    if home == "teknik":
        return "teknik-oto" if motor else "teknik-saglik" if health else "teknik-oto-disi"
    return home


def _end_of(day: date) -> str:
    return datetime.combine(day, time(23, 59, 59), ISTANBUL).astimezone(UTC).isoformat()
