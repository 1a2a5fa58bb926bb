"""The comparison after a drill: what the source gave, what is recorded, what the gateway took."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peers.installation import Installation

from basvuru.verifying import verify
from config.clock import now
from storage import views

LEDGER = ("channel", "day", "seen", "landed", "already_had", "refused", "recorded", "attached")
LEDGER += ("quarantined", "waiting", "balances")


@dataclass(frozen=True)
class Verdict:
    given: int
    recorded: int
    lost: list[str]
    doubled: list[str]
    unbacked: list[str]
    """Numbers that an SMS announced and behind which there is no record."""
    told_twice: list[str]
    """Numbers of which the gateway took two SMS."""
    listed: int
    """Applicants of whom the house says that they may not know their number. Whoever sends to one
    of these again may send a second SMS: that is why a person decides."""
    untold: list[str]
    """Applications nobody told, and that are not listed."""
    broken: list[str]
    """What ``verify`` found."""
    ledger: list[Mapping[str, Any]]

    @property
    def balances(self) -> bool:
        return all(day["balances"] for day in self.ledger)

    @property
    def ok(self) -> bool:
        wrong = (self.lost, self.doubled, self.unbacked, self.told_twice, self.untold, self.broken)
        return not any(wrong) and self.balances

    def problems(self) -> Iterable[str]:
        for name in ("lost", "doubled", "unbacked", "told_twice", "untold", "broken"):
            for one in getattr(self, name)[:5]:
                yield f"{name}: {one}"


def judge(house: Installation, given: Iterable[str], handed: Counter[str]) -> Verdict:
    """``given``: a subject for each matter that the source held. ``handed``: application numbers in
    SMS that the gateway took, and how often."""
    app, given = house.app, set(given)
    with app.database.read() as connection:
        found, owed = views.applications(connection), views.duties(connection)
        ledger = views.ledger(connection)
    subjects, numbers = Counter(o["subject"] for o in found), {o["number"] for o in found}
    listed = {duty["number"] for duty in owed}
    report = verify(app.database, app.blobs, now())
    return Verdict(
        given=len(given),
        recorded=len(found),
        lost=sorted(given - set(subjects)),
        doubled=sorted(s for s, count in subjects.items() if count > 1),
        unbacked=sorted(set(handed) - numbers),
        told_twice=sorted(n for n, count in handed.items() if count > 1),
        listed=len(listed),
        untold=sorted(numbers - set(handed) - listed),
        broken=[f"{one.kind} {one.what}" for one in report.problems],
        ledger=ledger,
    )


def ledger_lines(ledger: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    return aligned([LEDGER, *(tuple(str(day[name]) for name in LEDGER) for day in ledger)])


RESULT = ("drill", "given", "recorded", "lost", "twice", "no record", "SMS twice", "untold")
RESULT += ("listed", "ledger", "verify", "seconds", "verdict")


def result_line(name: str, verdict: Verdict, seconds: float) -> tuple[str, ...]:
    counts = (verdict.lost, verdict.doubled, verdict.unbacked, verdict.told_twice, verdict.untold)
    return (
        name,
        str(verdict.given),
        str(verdict.recorded),
        *(str(len(one)) for one in counts),
        str(verdict.listed),
        "balances" if verdict.balances else "DIFFERS",
        str(len(verdict.broken)),
        f"{seconds:.0f}",
        "well" if verdict.ok else "FAILED",
    )


def aligned(rows: list[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield "  ".join((first.ljust(widths[0]), *cells))
