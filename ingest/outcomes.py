"""What may come of handing something over to the outside: an SMS, a reply on a network.

Sorted by what happens next, not by what went wrong. No phone number, text or secret in ``reason``:
it is logged and shown.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Accepted:
    """It was taken; ``provider_id`` is how the other side calls it."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class NotNow:
    """Certainly not taken; try again, after ``after`` where the other side said when."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Never:
    """Certainly not taken, and never will be."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Our account or settings are wrong: nothing goes until an operator mends it."""

    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been taken: never repeated before somebody looked."""

    reason: str


Outcome = Accepted | NotNow | Never | Stop | Unknown
