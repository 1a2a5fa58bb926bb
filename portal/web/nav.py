"""What the menu of staff pages offers; everybody sees only what they may open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cases.rights import Right


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. Its text is ``nav.KEY``."""

    key: str
    path: str
    right: Right

    def is_current(self, path: str) -> bool:
        """Whether this line leads to the page, or to the list that the page belongs to."""
        inside = path.startswith(f"{self.path}/") and self.path not in _WITH_OTHERS
        return path == self.path or inside


_WITH_OTHERS = ("/staff", "/staff/phone")
"""Below these stand pages that have lines of their own."""

MENU: Sequence[tuple[str, Sequence[Entry]]] = (
    (
        "work",
        (
            Entry("overview", "/staff", Right.SEE_BOARD),
            Entry("my_day", "/staff/my-day", Right.HANDLE),
            Entry("applications", "/staff/applications", Right.SEE_APPLICATIONS),
            Entry("reading", "/staff/reading", Right.CORRECT_READING),
            Entry("duplicates", "/staff/duplicates", Right.JOIN),
            Entry("phone", "/staff/phone", Right.TAKE_CALLS),
            Entry("call_backs", "/staff/phone/call-backs", Right.TAKE_CALLS),
        ),
    ),
    (
        "today",
        (
            Entry("day", "/staff/day", Right.SEE_APPLICATIONS),
            Entry("duties", "/staff/duties", Right.HANDLE),
            Entry("letters", "/staff/letters", Right.HANDLE),
            Entry("absences", "/staff/absences", Right.HANDLE),
        ),
    ),
    (
        "oversight",
        (
            Entry("reports", "/staff/reports", Right.SEE_REPORTS),
            Entry("actions", "/staff/actions", Right.SEE_APPLICATIONS),
            Entry("proceedings", "/staff/proceedings", Right.SEE_APPLICATIONS),
            Entry("conflicts", "/staff/conflicts", Right.APPROVE),
            Entry("data_protection", "/staff/data-protection", Right.SEE_KEEPING),
        ),
    ),
    (
        "setup",
        (
            Entry("rules", "/staff/rules", Right.MANAGE_TEXTS),
            Entry("taxonomy", "/staff/taxonomy", Right.MANAGE_TEXTS),
            Entry("texts", "/staff/texts", Right.MANAGE_TEXTS),
            Entry("calendar", "/staff/calendar", Right.MANAGE_TEXTS),
        ),
    ),
    (
        "operations",
        (
            Entry("operations", "/staff/operations", Right.SEE_OPERATIONS),
            Entry("quarantine", "/staff/quarantine", Right.SEE_OPERATIONS),
            Entry("queues", "/staff/queues", Right.SEE_OPERATIONS),
        ),
    ),
    (
        "administration",
        (
            Entry("people", "/staff/people", Right.MANAGE_STAFF),
            Entry("departments", "/staff/departments", Right.MANAGE_STAFF),
            Entry("records", "/staff/records", Right.SEE_VIEWS),
        ),
    ),
)
"""Groups in the order of a day; the text of a group is ``nav.group.KEY``."""

PUBLIC: Sequence[tuple[str, str]] = (
    ("home", "/"),
    ("apply", "/apply"),
    ("status", "/status"),
    ("how", "/how-to-apply"),
)
"""Menu of public pages: (text is ``nav.KEY``, path)."""


def nav_of(may: Callable[[str], bool]) -> list[tuple[str, list[Entry]]]:
    """The groups with what this visitor may open; empty groups are left out."""
    groups = [(name, [one for one in entries if may(one.right)]) for name, entries in MENU]
    return [(name, entries) for name, entries in groups if entries]
