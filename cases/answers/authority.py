"""Who acts for the applicant: a lawyer, a relative, an agent. Nothing is disclosed before somebody
saw the document that gives them the right to."""

from datetime import datetime

from cases.answers.standing import CannotDo, taken
from storage import contact, events
from storage.engine import Connection
from storage.events import Event

KINDS = ("lawyer", "relative", "guardian", "heir", "agent", "employee", "other")


def is_unchecked(connection: Connection, application_id: int) -> bool:
    """Whether somebody acts for the applicant whose authority nobody checked."""
    found = contact.representatives(connection, application_id)
    return any(one.checked_at is None for one in found)


def represent(
    connection: Connection, application_id: int, kind: str, name: str, *, by: str, now: datetime
) -> int:
    """Somebody acts for the applicant; from here on answers wait for the check. Returns the id."""
    taken(connection, application_id)
    if kind not in KINDS or not name.strip():
        raise CannotDo(f"A representative has a name and is one of {', '.join(KINDS)}.")
    row_id = contact.add_representative(
        connection, application_id=application_id, kind=kind, name=name.strip(), at=now, by=by
    )
    _say(connection, application_id, row_id, "named", by, now)
    return row_id


def check_authority(
    connection: Connection,
    application_id: int,
    representative_id: int,
    document: str,
    *,
    by: str,
    now: datetime,
) -> None:
    """Somebody saw the power of attorney. ``document``: SHA-256 of its scan. Raises: CannotDo."""
    taken(connection, application_id)
    if not document:
        raise CannotDo("Say which document shows the authority.")
    values = {"document": document, "checked_at": now, "checked_by": by}
    _change(connection, application_id, representative_id, values)
    _say(connection, application_id, representative_id, "checked", by, now)


def end(
    connection: Connection, application_id: int, representative_id: int, *, by: str, now: datetime
) -> None:
    """They no longer act for the applicant. Raises: CannotDo."""
    taken(connection, application_id)
    _change(connection, application_id, representative_id, {"ended_at": now})
    _say(connection, application_id, representative_id, "ended", by, now)


def _change(
    connection: Connection, application_id: int, row_id: int, values: dict[str, object]
) -> None:
    if not contact.change_representative(connection, application_id, row_id, **values):
        raise CannotDo(f"There is no representative {row_id} in this application.")


def _say(
    connection: Connection, application_id: int, row_id: int, what: str, by: str, now: datetime
) -> None:
    data = {"representative": row_id, "what": what}
    events.append(connection, [Event(application_id, "representative", by, data)], now)
