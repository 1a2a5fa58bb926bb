"""Who may do what: one table. A route asks for a right, never for a role."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Right(StrEnum):
    """One thing that somebody may do. The words for people are in ``portal/texts``."""

    SEE_BOARD = "see_board"
    """The live board: counts and ages, no personal data."""
    SEE_APPLICATIONS = "see_applications"
    """List, search and the page of an application, personal data masked."""
    EVERY_DEPARTMENT = "every_department"
    """The narrative of applications of other departments too."""
    REVEAL = "reveal"
    """Personal data unmasked, with a reason, recorded."""
    HANDLE = "handle"
    """Assess, route, note, draft and send answers, close."""
    APPROVE = "approve"
    """Approve what others drafted; reopen; change deadlines."""
    TAKE_CALLS = "take_calls"
    """The phone desk and entry by hand."""
    CORRECT_READING = "correct_reading"
    """The reading desk."""
    JOIN = "join"
    """The duplicates desk."""
    SEE_REPORTS = "see_reports"
    """Reports and their files."""
    EXPORT = "export"
    """Take lists out as a file, recorded."""
    MANAGE_TEXTS = "manage_texts"
    """Texts, taxonomy, routing rules, reports' schedules."""
    SEE_KEEPING = "see_keeping"
    """The data-protection desk: holds, restrictions, what was destroyed."""
    PROTECT_DATA = "protect_data"
    """Hold, restrict, and open what is restricted."""
    SEE_OPERATIONS = "see_operations"
    """The operations page, queues, quarantine without contents."""
    RUN_OPERATIONS = "run_operations"
    """Start, stop and park channels, replay, requeue, maintenance mode."""
    SEE_RAW = "see_raw"
    """What reached us, as it reached us: raw bytes of quarantined items, recorded."""
    SEE_VIEWS = "see_views"
    """The record of who looked at personal data."""
    MANAGE_STAFF = "manage_staff"
    """Staff and departments."""
    MANAGE_KEYS = "manage_keys"
    """Keys of other programs."""


class Role(StrEnum):
    HANDLER = "handler"
    SUPERVISOR = "supervisor"
    OPERATIONS = "operations"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


_R = Right
_HANDLER = frozenset(
    {
        _R.SEE_BOARD,
        _R.SEE_APPLICATIONS,
        _R.REVEAL,
        _R.HANDLE,
        _R.TAKE_CALLS,
        _R.CORRECT_READING,
        _R.JOIN,
    }
)

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.HANDLER: _HANDLER,
    Role.SUPERVISOR: _HANDLER
    | {
        *(_R.EVERY_DEPARTMENT, _R.APPROVE, _R.SEE_REPORTS, _R.EXPORT, _R.MANAGE_TEXTS),
        *(_R.SEE_KEEPING, _R.PROTECT_DATA),
    },
    Role.OPERATIONS: frozenset(
        {_R.SEE_BOARD, _R.SEE_OPERATIONS, _R.RUN_OPERATIONS, _R.SEE_RAW},
    ),
    Role.AUDITOR: frozenset(
        {
            _R.SEE_BOARD,
            _R.SEE_APPLICATIONS,
            _R.EVERY_DEPARTMENT,
            _R.SEE_REPORTS,
            _R.SEE_KEEPING,
            _R.SEE_OPERATIONS,
            _R.SEE_VIEWS,
        },
    ),
    Role.ADMINISTRATOR: frozenset(
        {_R.SEE_BOARD, _R.SEE_OPERATIONS, _R.MANAGE_STAFF, _R.MANAGE_TEXTS, _R.MANAGE_KEYS},
    ),
}
"""An administrator makes accounts and reads no application: the two are kept apart."""


def rights_of(roles: Collection[str]) -> frozenset[Right]:
    """What somebody with these roles may do; a role that is not known gives nothing."""
    known = (RIGHTS[Role(role)] for role in roles if role in set(Role))
    return frozenset[Right]().union(*known)
