"""What becomes due with applicants and their answers: reminders, silent ends, surveys, destruction.

Each application is seen to in a transaction of its own, so one that cannot be moved on holds up
nobody; asked again under its lock, so that it is safe to run twice.
"""

from collections.abc import Callable, Collection, Mapping

from structlog import get_logger

from cases.answers import asking, closing, keeping, surveys, telling
from config.errors import BasvuruError
from storage import closing as closings
from storage import contact, erasing
from storage.engine import Connection
from workers.toolbox import Toolbox

log = get_logger()

MOST = 200
"""Applications that one round sees to; the next one comes soon."""

Bells = Mapping[str, Collection[int]]


def remind(tools: Toolbox) -> list[Bells]:
    """Applicants who did not answer what we asked."""
    with tools.database.read() as connection:
        due = contact.to_remind(connection, tools.now(), MOST)
    return _each(
        tools,
        [question for question, _ in due],
        lambda c, one: asking.remind(c, one, tools.office, tools.now()),
    )


def tell_reopened(tools: Toolbox) -> list[Bells]:
    """Applicants whose closed application is examined again."""
    with tools.database.read() as connection:
        due = dict(telling.untold(connection, tools.now(), MOST))
    return _each(
        tools,
        list(due),
        lambda c, one: telling.tell_reopened(c, one, due[one], tools.office, tools.now()),
    )


def survey(tools: Toolbox) -> list[Bells]:
    """Applicants whose application was closed some days ago, where surveys are allowed."""
    with tools.database.read() as connection:
        due = surveys.due(connection, tools.office, tools.now(), MOST)
    return _each(tools, due, lambda c, one: surveys.invite(c, one, tools.office, tools.now()) or {})


def close_quiet(tools: Toolbox) -> None:
    """Answers that met with silence for as long as the settings say."""
    with tools.database.read() as connection:
        before = tools.now() - tools.office.quiet_close
        due = closings.answered_before(connection, before, MOST)
    _each(tools, due, lambda c, one: _closed(c, one, tools))


def _closed(connection: Connection, application_id: int, tools: Toolbox) -> Bells:
    closing.close_quiet(connection, application_id, tools.office, tools.now())
    return {}


def destroy(tools: Toolbox) -> int:
    """Make anonymous what may no longer be kept, then delete its bytes. Returns how many."""
    with tools.database.read() as connection:
        due = keeping.due(connection, tools.now(), MOST)
    done = 0
    for application_id, rule in due:
        with tools.database.write() as connection:
            disposed = keeping.erase(connection, application_id, rule, by="system", now=tools.now())
            done += disposed is not None
    with tools.database.write() as connection:
        erasing.forget_unfinished(connection, tools.now())
    _delete_bytes(tools)
    return done


def _delete_bytes(tools: Toolbox) -> None:
    """The rows that needed them are gone and committed; asked once more, since the same bytes may
    have reached us again."""
    with tools.database.read() as connection:
        doomed = erasing.doomed(connection, MOST)
    for sha256 in doomed:
        with tools.database.write() as connection:
            if erasing.still_doomed(connection, sha256):
                tools.blobs.delete(sha256)
            erasing.deleted(connection, sha256)


def _each(
    tools: Toolbox, ids: Collection[int], see_to: Callable[[Connection, int], Bells]
) -> list[Bells]:
    bells = []
    for one in ids:
        try:
            with tools.database.write() as connection:
                bells.append(see_to(connection, one))
        except BasvuruError as error:
            # It does not stand as it did: the next round looks again, the others do not wait.
            log.info("desk.passed_over", row=one, reason=type(error).__name__)
    return bells
