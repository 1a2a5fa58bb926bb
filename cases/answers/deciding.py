"""Who decides what the applicant is told: anybody who may work on it, but the person complained
about. The house itself is never in conflict."""

from cases.answers.standing import CannotDo
from cases.routing import service as routing
from storage.engine import Connection

_STAFF = "staff:"


class InConflict(CannotDo):
    """The application complains about them, or they are close to the applicant. A colleague has to
    do it."""


def must_be_free(connection: Connection, application_id: int, by: str) -> None:
    """``by``: as events name who did it. Raises InConflict."""
    if by.startswith(_STAFF) and not routing.may_decide(
        connection, application_id, by.removeprefix(_STAFF)
    ):
        raise InConflict("The person complained about neither answers nor closes.")
