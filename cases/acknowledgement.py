"""How an applicant is told the application number: pure decisions (policy 3.3, ISO 10002 §7.4).

By SMS where there is a mobile number; else by e-mail where there is an address; else the duty
stays open and is shown. It is never reported as done when it is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal

from config.clock import local

Medium = Literal["sms", "email", "none"]
PURPOSE = "received"
"""The purpose of the acknowledgement in the outbox: one for each application, for ever."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How the applicant can be reached."""

    phone: str | None = field(default=None, repr=False)
    """E.164, able to receive SMS."""
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Rules:
    """See ``[acknowledgement]`` in the settings."""

    quiet_from: time
    quiet_until: time
    per_hour: int
    per_day: int


@dataclass(frozen=True, slots=True)
class Plan:
    medium: Medium
    state: Literal["pending", "no_phone", "suppressed"]
    recipient: str = field(default="", repr=False)
    detail: str = ""
    due_at: datetime | None = None
    """None: at once."""


def plan(
    contact: Contact,
    rules: Rules,
    *,
    recent: Sequence[datetime],
    from_ourselves: bool,
    by_machine: bool = False,
    now: datetime,
) -> Plan:
    """Decide for one new application. ``recent``: when this person was acknowledged lately, over
    all channels."""
    if by_machine:
        return Plan("none", "suppressed", detail="a machine wrote it, or it went to many")
    if from_ourselves:
        return Plan("none", "suppressed", detail="it came from an address of ours")
    if _too_many(recent, rules, now):
        return Plan("none", "suppressed", detail="too many acknowledgements to one person lately")
    if contact.phone:
        due_at = quiet_end(now, rules)
        detail = "held until the quiet hours end" if due_at else ""
        return Plan("sms", "pending", contact.phone, detail, due_at)
    if contact.email:
        return Plan("email", "pending", contact.email, "no mobile number: by e-mail")
    return Plan("none", "no_phone", detail="neither a mobile number nor an e-mail address")


def quiet_end(now: datetime, rules: Rules) -> datetime | None:
    """When the quiet hours end that ``now`` falls into; None outside of them."""
    start, end = rules.quiet_from, rules.quiet_until
    here = local(now)
    clock = here.time()
    over_night = start > end
    quiet = clock >= start or clock < end if over_night else start <= clock < end
    if not quiet:
        return None
    day = here.date() + timedelta(days=1 if over_night and clock >= start else 0)
    return datetime.combine(day, end, tzinfo=here.tzinfo)


def _too_many(recent: Sequence[datetime], rules: Rules, now: datetime) -> bool:
    hour = sum(when > now - timedelta(hours=1) for when in recent)
    day = sum(when > now - timedelta(days=1) for when in recent)
    return hour >= rules.per_hour or day >= rules.per_day
