"""The five criteria of ISO 10002 §7.5, and the priority that follows from them: a pure table.

    1  at once: safety or health, harm that goes on, a leak of data, a vulnerable person, press or
       a notice of regulator or court
    2  soon: a loss that needs immediate action, a repeated complaint, severity and impact high, or
       five working days or fewer to the legal deadline
    3  normal
    4  thanks and suggestions, unless one of the above holds

The first line that holds decides. A priority orders work; it never moves a legal deadline.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

Level = Literal[1, 2, 3]
"""Low, middle, high."""
Priority = Literal[1, 2, 3, 4]

URGENT_MARKS = (
    "ongoing_harm",
    "vulnerable",
    "data_breach",
    "press",
    "authority",
)
"""What makes an application one of the first: harm that goes on (a patient waits for approval, a
car stands on the road); elderly, disabled, bereaved, hit by a disaster; a leak of personal data;
press or a well-known person; a notice of regulator or court."""
SOON_MARKS = ("money_stopped", "repeated")
"""Somebody waits for money to live on; the same person complains of the same again."""
MARKS = (*URGENT_MARKS, *SOON_MARKS)
LAST = ("thanks", "suggestion")
"""Types that nobody waits for."""
SHORT = 5
"""Working days to the legal deadline from which on an application is due soon."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """The five of ISO 10002 §7.5, and marks that make some of them plain."""

    severity: Level = 2
    """How heavy the matter is for the applicant."""
    safety: bool = False
    """Whether health or safety is touched."""
    complexity: Level = 2
    """How much has to be found out."""
    impact: Level = 1
    """How many others, or how much money, may be touched."""
    immediate: bool = False
    """Whether something can and must be done at once."""
    marks: frozenset[str] = field(default_factory=frozenset)
    """Of :data:`MARKS`."""


def derived(type_: str, criteria: Criteria, legal_days_left: int | None = None) -> Priority:
    """The priority by the table. ``legal_days_left``: working days; None without a deadline."""
    if criteria.safety or not criteria.marks.isdisjoint(URGENT_MARKS):
        return 1
    if _is_soon(criteria) or (legal_days_left is not None and legal_days_left <= SHORT):
        return 2
    return 4 if type_ in LAST else 3


def _is_soon(criteria: Criteria) -> bool:
    heavy = criteria.severity == 3 and criteria.impact >= 2
    return criteria.immediate or heavy or not criteria.marks.isdisjoint(SOON_MARKS)


def unknown_marks(marks: Collection[str]) -> set[str]:
    return set(marks) - set(MARKS)
