"""What of the list is asked for, as it stands in the page's address: codes only.

What somebody typed into the search box does not go there: the address has the name of a kept
question, see :mod:`portal.staff.applications`.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlencode

from storage.worklist import DUE_BY, SHOWS, After, Row, Wanted

PATH = "/staff/applications"
_CODE = re.compile(r"[\w.@-]{1,100}")
_AFTER = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)?-(\d{1,18})")
_TIME = "%Y%m%dT%H%M%S.%fZ"
FIELDS = ("department", "assignee", "type", "kind", "due")


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything is text, as in the address; what makes no sense there is as if it were not."""

    show: str = "open"
    department: str = ""
    assignee: str = ""
    type: str = ""
    kind: str = ""
    due: str = ""
    review: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Choice":
        show = given.get("show", "open")
        due = given.get("due", "")
        codes = {name: _code(given.get(name, "")) for name in FIELDS}
        return cls(
            **codes
            | {
                "show": show if show in SHOWS else "open",
                "due": due if due in DUE_BY else "",
                "review": "yes" if given.get("review") else "",
            }
        )

    def values(self) -> dict[str, str]:
        """Only what was chosen."""
        usual = asdict(Choice())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    def address(self, **more: str) -> str:
        chosen = {name: value for name, value in (self.values() | more).items() if value}
        return f"{PATH}?{urlencode(chosen)}" if chosen else PATH

    def wanted(self, login: str, ids: list[int] | None, *, restricted: bool) -> Wanted:
        return Wanted(
            show=self.show,
            department=self.department,
            assignee=login if self.assignee == "me" else self.assignee,
            type=self.type,
            kind=self.kind,
            due=self.due,
            review=bool(self.review),
            ids=ids,
            restricted=restricted,
        )


def after_of(given: str) -> After | None:
    """Where the page begins, from the address."""
    found = _AFTER.fullmatch(given)
    if found is None:
        return None
    due = datetime.strptime(f"{found[1]}+0000", f"{_TIME}%z") if found[1] else None
    return After(int(found[2]), due)


def after_row(row: Row) -> str:
    """The next page begins behind this row."""
    due: datetime | None = row["due_at"]
    return f"{due:{_TIME}}-{row['id']}" if due else f"-{row['id']}"


def _code(given: str) -> str:
    return given if _CODE.fullmatch(given) else ""
