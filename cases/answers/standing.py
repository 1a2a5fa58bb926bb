"""The application that an act is about: taken, or refused with a sentence."""

from config.errors import BasvuruError
from storage import standing
from storage.engine import Connection
from storage.standing import Standing


class CannotDo(BasvuruError):
    """The act makes no sense as the application stands. Nothing was changed."""


OPEN = ("recorded", "assessed", "in_progress", "waiting_applicant", "answered")


def taken(connection: Connection, application_id: int) -> Standing:
    """Lock an application that is no duplicate. Raises: CannotDo."""
    found = standing.take(connection, application_id)
    if found is None:
        raise CannotDo(f"There is no application with the id {application_id}.")
    if found.duplicate_of is not None:
        raise CannotDo(f"Application {found.number} was joined into another one.")
    return found


def taken_open(connection: Connection, application_id: int) -> Standing:
    """The same, and it must not be closed. Raises: CannotDo."""
    found = taken(connection, application_id)
    if found.status == "closed":
        raise CannotDo(f"Application {found.number} is closed: reopen it first.")
    return found
