"""A sample for the audit of complaint handling (ISO 10002:2018 §8.5).

Drawn at random from what was closed in a period, in proportion to type and department but with at
least one of each, and the same again for the same seed: an auditor can prove that nobody chose.
"""

from collections import defaultdict
from collections.abc import Sequence
from random import Random

from cases.reports.periods import Period
from storage.engine import Connection
from storage.reporting import lists

CHECKS: Sequence[tuple[str, str]] = (
    ("Alındı bildirimi zamanında yapılmış", "Acknowledged in time"),
    ("Önem ve öncelik doğru değerlendirilmiş", "Severity and priority assessed rightly"),
    ("Karar veren, şikâyet edilen kişi değil", "Not decided by the person complained about"),
    ("Kök neden bulunmuş ve gerekçelendirilmiş", "Root cause found, with reasons"),
    ("Cevap açık, gerekçeli; retse başvuru yolları var", "Answer clear; remedies told if refused"),
    ("Süreler tutmuş, gecikme nedeni bildirilmiş", "Deadlines met, or the delay was explained"),
    ("Kişisel verilere yalnızca gereken erişilmiş", "Personal data seen only where needed"),
)
"""What is looked at in each application of the sample."""


def sample(connection: Connection, period: Period, size: int, seed: int) -> list[int]:
    """Ids of the applications to be looked at, oldest first; all, where there are no more."""
    closed = lists.closed_between(connection, period.first, period.last)
    if len(closed) <= size:
        return [one for one, _, _ in closed]
    strata: dict[tuple[str, str], list[int]] = defaultdict(list)
    for application, kind, department in closed:
        strata[kind, department].append(application)
    rng = Random(seed)  # noqa: S311  to be repeatable is the point
    chosen: list[int] = []
    for key in sorted(strata):
        share = max(1, round(size * len(strata[key]) / len(closed)))
        chosen += rng.sample(strata[key], min(share, len(strata[key])))
    return sorted(rng.sample(chosen, size) if len(chosen) > size else chosen)
