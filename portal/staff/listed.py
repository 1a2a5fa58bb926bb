"""What of an application somebody may see in lists, and which applications they may touch."""

from cases.rights import Right
from portal.web.visitor import Staff
from storage import worklist
from storage.engine import Connection


def reads(who: Staff, department: str | None) -> bool:
    """Whether the text of an application of this department is theirs to read: of their own
    department, of none, or all."""
    return who.may(Right.EVERY_DEPARTMENT) or department in (None, who.department)


def theirs(connection: Connection, who: Staff, ids: list[int]) -> list[int]:
    """Those of these applications that they may work on."""
    places = worklist.places(connection, ids)
    return [one for one in ids if one in places and reads(who, places[one])]
