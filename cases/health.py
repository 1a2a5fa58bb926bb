"""Is anything wrong, since when, and what is to be done: decided from one look at everything.

``dead`` means that nothing happens any more, ``slow`` that it happens too late: what helps differs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Literal

from cases.board import aged
from storage.channels import ChannelState
from storage.operations import Picture, Process

Level = Literal["bad", "warn"]

HEARD = timedelta(seconds=30)
"""A process that said nothing for this long is silent: it beats every five seconds."""
UNREAD = timedelta(minutes=5)
"""An account that nobody read through for this long is late."""
LONG_PARKED = timedelta(minutes=15)
"""A source that was away for less comes back by itself as a rule."""
SILENCE_LEAST = 5.0
"""Items that usually come in this hour, from which on none at all means something: with as many on
average, an hour without any happens by chance less than once in a hundred times."""
FLOOD_LEAST = 30
FLOOD_TIMES = 4
STAGE_SLOW = {"pages": 900.0, "enclosures": 900.0}
"""Seconds that the oldest may wait; what is quick: see :data:`QUICK_SLOW`."""
QUICK_SLOW = 120.0
DUTY_AGE = timedelta(hours=4)
ROLES = ("poll", "work", "pages", "schedule", "serve")
EXPECTED_CAUSES = ("machine-mail", "announced")
DISK_WARN, DISK_BAD = 0.15, 0.05


@dataclass(frozen=True, slots=True)
class Objectives:
    """Seconds within which 95 of 100 get there."""

    number: float = 60.0
    sms: float = 120.0


@dataclass(frozen=True, slots=True)
class Around:
    """What is not in the database: free shares of disks by folder, and the broker."""

    disks: Mapping[str, float] = field(default_factory=dict)
    broker: bool = True
    dead_letters: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong. ``code`` names the sentence, ``about`` what it is about."""

    code: str
    level: Level
    about: str = ""
    since: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same trouble has the same key for as long as it lasts."""
        return f"{self.code}:{self.about}"


def findings(picture: Picture, around: Around, objectives: Objectives) -> list[Finding]:
    """Everything that is wrong, the worst first."""
    found = [
        *_broker(around),
        *_processes(picture),
        *(one for state in picture.channels for one in channel_findings(state, picture)),
        *_accesses(picture),
        *_stages(picture),
        *_times(picture, objectives),
        *_owed(picture),
        *_books(picture),
        *_disks(around),
        *_maintenance(picture),
    ]
    return sorted(found, key=lambda one: one.level != "bad")


def channel_state(state: ChannelState, picture: Picture) -> str:
    """One word: stopped, parked, dead, late, silent, flood, ok."""
    now = picture.at
    if state.stopped:
        return "stopped"
    if state.parked_until and state.parked_until > now:
        return "parked"
    if is_read(state) and not (state.lease_until and state.lease_until > now):
        return "dead"
    if state.last_ok_at and now - state.last_ok_at > UNREAD and is_read(state):
        return "late"
    usual, came = picture.usual.get(state.name, ()), picture.last_hour.get(state.name, 0)
    if came == 0 and _mean(usual) >= SILENCE_LEAST:
        return "silent"
    if came >= FLOOD_LEAST and any(usual) and came > FLOOD_TIMES * (max(usual) + 1):
        return "flood"
    return "ok"


def is_read(state: ChannelState) -> bool:
    """Whether somebody polls this account; forms and calls are brought to us."""
    return state.lease_epoch > 0


def channel_findings(state: ChannelState, picture: Picture) -> Iterator[Finding]:
    word = channel_state(state, picture)
    usual = round(_mean(picture.usual.get(state.name, ())))
    came = picture.last_hour.get(state.name, 0)
    if word == "parked":
        values = {
            "until": state.parked_until,
            "reason": state.parked_reason or "",
            "remedy": state.parked_remedy or "",
        }
        long = state.last_ok_at is None or picture.at - state.last_ok_at > LONG_PARKED
        level: Level = "bad" if long else "warn"
        yield Finding("channel_parked", level, state.name, state.last_ok_at, values)
    elif word == "dead":
        yield Finding("channel_dead", "bad", state.name, state.lease_until or state.last_ok_at)
    elif word == "late":
        yield Finding("channel_late", "warn", state.name, state.last_ok_at)
    elif word == "silent":
        yield Finding("channel_silent", "warn", state.name, state.last_item_at, {"usual": usual})
    elif word == "flood":
        yield Finding("channel_flood", "warn", state.name, None, {"came": came, "usual": usual})


def silent_processes(picture: Picture) -> list[Process]:
    return [one for one in picture.processes if picture.at - one.beat_at > HEARD]


def alive_roles(picture: Picture) -> set[str]:
    alive = {one.role for one in picture.processes if picture.at - one.beat_at <= HEARD}
    return alive | {"work", "pages"} if "all" in alive else alive


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that ``share`` of them do not exceed; None for none."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


def stage_state(row: Mapping[str, Any], picture: Picture) -> str:
    """One word for a stage with rows that wait: dead, slow, ok."""
    role = "pages" if row["queue"] in ("pages", "enclosures") else "work"
    if picture.maintenance is not None:
        return "held"
    if role not in alive_roles(picture):
        return "dead"
    slow = row["oldest_age"] > STAGE_SLOW.get(row["queue"], QUICK_SLOW)
    return "slow" if slow and row["waiting"] > row["put_off"] else "ok"


def _processes(picture: Picture) -> Iterator[Finding]:
    alive = alive_roles(picture)
    for role in ROLES:
        if role not in alive:
            beats = [one.beat_at for one in picture.processes if one.role == role]
            yield Finding("role_dead", "bad", role, max(beats, default=None))
    for one in silent_processes(picture):
        if one.role in alive:
            yield Finding("process_silent", "warn", one.id, one.beat_at, {"role": one.role})


def _accesses(picture: Picture) -> Iterator[Finding]:
    for line in picture.board:
        now = aged(line, picture.at)
        if now.state in ("warning", "dead"):
            level: Level = "bad" if now.state == "dead" else "warn"
            about = f"{now.channel}, {now.feature}"
            values = {"detail": now.detail, "remedy": now.remedy, "expires": now.expires_at}
            yield Finding(f"access_{now.state}", level, about, now.last_good_at, values)
    for gap in picture.gaps:
        values = {"until": gap.until, "reason": gap.reason}
        yield Finding("gap", "warn", f"{gap.channel}, {gap.feature}", gap.since, values)


def _stages(picture: Picture) -> Iterator[Finding]:
    for row in picture.stages:
        word = stage_state(row, picture)
        if word in ("slow", "dead"):
            level: Level = "bad" if word == "dead" else "warn"
            since = picture.at - timedelta(seconds=row["oldest_age"])
            about = f"{row['stage']}/{row['queue']}"
            yield Finding(f"stage_{word}", level, about, since, {"waiting": row["waiting"]})


def _times(picture: Picture, objectives: Objectives) -> Iterator[Finding]:
    for name, seconds, limit in (
        ("number", picture.times.to_number, objectives.number),
        ("sms", picture.times.to_sms, objectives.sms),
    ):
        reached = percentile(seconds, 0.95)
        if reached is not None and reached > limit and len(seconds) >= 5:
            values = {"seconds": round(reached), "limit": round(limit)}
            yield Finding(f"time_{name}", "warn", "", None, values)


def _owed(picture: Picture) -> Iterator[Finding]:
    if picture.oldest_duty is not None and picture.at - picture.oldest_duty > DUTY_AGE:
        count = {"count": picture.duties}
        yield Finding("duties", "warn", "", picture.oldest_duty, count)
    unexpected = sum(n for c, n in picture.quarantine.items() if c not in EXPECTED_CAUSES)
    if unexpected:
        yield Finding("quarantine", "warn", "", picture.oldest_quarantined, {"count": unexpected})


def _books(picture: Picture) -> Iterator[Finding]:
    for row in picture.unbalanced:
        yield Finding("ledger", "bad", f"{row['channel']} {row['day']:%d.%m.%Y}")


def _disks(around: Around) -> Iterator[Finding]:
    for folder, free in around.disks.items():
        if free < DISK_WARN:
            level: Level = "bad" if free < DISK_BAD else "warn"
            yield Finding("disk", level, folder, None, {"free": round(free * 100)})


def _broker(around: Around) -> Iterator[Finding]:
    if not around.broker:
        yield Finding("broker", "bad")
    elif around.dead_letters:
        yield Finding("dead_letters", "warn", "", None, {"count": around.dead_letters})


def _maintenance(picture: Picture) -> Iterator[Finding]:
    if picture.maintenance is not None:
        switch = picture.maintenance
        yield Finding("maintenance", "warn", "", switch.since, {"by": switch.by})


def _mean(counts: Sequence[int]) -> float:
    """Of the weeks that there were; an account that is new has nothing usual yet."""
    seen = [one for one in counts if one]
    return sum(counts) / len(counts) if len(seen) >= 2 else 0.0
