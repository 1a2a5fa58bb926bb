"""Making reports: on schedule and by hand, kept as they were, with what changed since shown."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any, Literal

from cronsim import CronSim, CronSimError

from cases.reports import building, calendar, labels, periods
from cases.reports.periods import Period, PeriodKind
from config.clock import ISTANBUL, local_date
from config.errors import BasvuruError, ConfigurationError
from storage.engine import Connection, Database
from storage.reporting import keeping
from storage.reporting.counters import COMPLAINTS
from storage.reporting.counting import Slice
from storage.reporting.keeping import Report

ReportKind = Literal["daily", "weekly", "monthly", "quarterly", "review"]
KINDS: Mapping[str, PeriodKind] = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "review": "quarter",
}
CATCH_UP = 31
"""Periods that are made up for after a downtime; what is older can be made by hand."""


class NoSuchReport(BasvuruError):
    """There is no report like that."""


@dataclass(frozen=True, slots=True)
class Due:
    """A period that is over and has no report yet."""

    kind: str
    period: Period


def make(
    database: Database,
    kind: str,
    period: Period,
    *,
    by: str,
    now: datetime,
    responsible: Sequence[Mapping[str, str]] = (),
    recipients: Collection[str] = (),
    half_day_counts: bool = True,
) -> tuple[Report, bool]:
    """Make the report of a period, keep it, and write down to whom it goes. Returns it, and whether
    it is new: when nothing in it differs from the newest one that is kept, that one is given back.

    Counting takes seconds, and nobody waits for it: only what is written needs a writer's lock.
    """
    with database.write() as connection:
        calendar.prepare(connection, local_date(now), half_day_counts=half_day_counts)
    with database.read() as connection:
        content = content_of(connection, kind, period, now, responsible)
    with database.write() as connection:
        report, new = _keep(connection, content, period, by, now)
        keeping.address(connection, report.id, recipients, now)
    return report, new


def _keep(
    connection: Connection, content: Mapping[str, Any], period: Period, by: str, now: datetime
) -> tuple[Report, bool]:
    content_hash = fingerprint(content)
    before = keeping.newest(connection, content["kind"], period.first, period.last)
    if before is not None and before.hash == content_hash:
        return before, False
    report_id = keeping.keep(
        connection,
        kind=content["kind"],
        first=period.first,
        last=period.last,
        content=content,
        content_hash=content_hash,
        by=by,
        now=now,
    )
    made = keeping.load(connection, report_id)
    assert made is not None
    return made, True


def content_of(
    connection: Connection,
    kind: str,
    period: Period,
    now: datetime,
    responsible: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """What would stand in the report now, without keeping it."""
    content = building.build(connection, kind, period, now)
    if kind == "quarterly":
        content["responsible"] = [dict(one) for one in responsible]
        content["return"] = _return(connection, period)
        content["labels"] = labels.used_in(content, labels.known(connection))
        content = dict(building.plain(content))
    _mark_revised(connection, kind, period, content)
    return content


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of what a report says, whenever it was made."""
    said = {name: value for name, value in content.items() if name != "made_at"}
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def verified(report: Report) -> bool:
    """Whether a kept report still says what it said when it was made."""
    return fingerprint(report.content) == report.hash


def revisions(connection: Connection, report: Report) -> list[dict[str, Any]]:
    """Figures of a kept report that would be others today: ``name, reported, now``."""
    given = report.content["period"]
    period = Period(given["kind"], report.first_day, report.last_day)
    today = building.plain(building.compared(connection, period))
    values = {one["name"]: one["value"] for one in today}
    return [
        {"name": one["name"], "reported": one["value"], "now": values[one["name"]]}
        for one in report.content["figures"]
        if one["name"] in values and values[one["name"]] != one["value"]
    ]


def due(
    kind: str, schedule: str, last_made: date | None, begun: date, now: datetime
) -> Iterator[Due]:
    """Periods whose time of making has come since the last one made, oldest first.

    A period is made at the first moment of its schedule (cron, Istanbul) after it is over, once;
    what a downtime missed is made up for, ``CATCH_UP`` periods back at the most. The first report
    of an installation is the period before the present one, if there was anything in it.
    """
    length = KINDS[kind]
    present = periods.containing(length, local_date(now))
    first = present
    for _ in range(CATCH_UP if last_made else 1):
        first = periods.previous(first)
    if last_made is not None and last_made >= first.first:
        first = periods.containing(length, last_made + periods.DAY)
    for period in periods.each(length, first.first, present.first):
        over = begun <= period.last < present.first
        if over and moment_for(schedule, period) <= now:
            yield Due(kind, period)


def moment_for(schedule: str, period: Period) -> datetime:
    """When the report of a period is made. Raises ConfigurationError for a bad schedule."""
    over = datetime.combine(period.last, time(23, 59, 59), ISTANBUL)
    return next(ticks(schedule, over))


def ticks(schedule: str, after: datetime) -> Iterator[datetime]:
    """Moments of a cron schedule after another one, on an Istanbul clock."""
    try:
        return CronSim(schedule, after.astimezone(ISTANBUL))
    except CronSimError:
        raise ConfigurationError(
            f"{schedule!r} is no schedule.", remedy="Five cron fields, for example `15 6 * * *`."
        ) from None


def period_for(kind: str, day: date | None, today: date) -> Period:
    """The period in which a day lies; without a day the last one that is over."""
    length = KINDS[kind]
    if day is not None:
        return periods.containing(length, day)
    return periods.previous(periods.containing(length, today))


def _return(connection: Connection, period: Period) -> list[dict[str, Any]]:
    """Tables II and III of the quarterly return (Genelge 2016/9): complaints by branch, and those
    about intermediaries. Table I, the company's totals and who is responsible, is the head of the
    paper with ``responsible``."""
    part = Slice(period.first, period.last, {"type": list(COMPLAINTS)})
    return [
        building.table(connection, "branch", part, None) | {"title": "by_branch"},
        building.table(connection, "agent", part, None) | {"title": "by_agent"},
    ]


def _mark_revised(
    connection: Connection, kind: str, period: Period, content: dict[str, Any]
) -> None:
    """Where the period before is other now than it was reported, say what was reported."""
    before = periods.previous(period)
    kept = keeping.newest(connection, kind, before.first, before.last)
    if kept is None:
        return
    reported = {one["name"]: one["value"] for one in kept.content["figures"]}
    for one in content["figures"]:
        if one["name"] in reported and reported[one["name"]] != one["previous"]:
            one["reported"] = reported[one["name"]]
