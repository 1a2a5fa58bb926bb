"""What colleagues leave for each other: notes, tasks, messages that do not belong here."""

from datetime import timedelta

from cases import joining
from cases.answers import notes
from cases.deadlines.rules import end_of
from portal.staff.case import given
from portal.staff.case.doing import Bells, Doing, by_name
from portal.staff.case.given import NotUnderstood
from storage import dossier, filings, tasks
from storage.tasks import NewTask


def note(do: Doing) -> None:
    notes.add_note(do.connection, do.case.id, do.text("text"), by=do.by, now=do.now)


def task(do: Doing) -> None:
    """What is to be done stands in a note, since tasks hold no free text."""
    due = end_of(given.day(do.posted, "due_on"))
    if due < do.now - timedelta(days=1):
        raise NotUnderstood("due_on")
    row = notes.add_note(do.connection, do.case.id, do.text("text"), by=do.by, now=do.now)
    new = NewTask(
        kind="note",
        due_at=due,
        application_id=do.case.id,
        department=do.case.row["department"],
        assignee=do.text("to") or None,
        data={"note": row},
        by=do.by,
    )
    tasks.add(do.connection, new, do.now)


def task_done(do: Doing) -> None:
    one = tasks.find(do.connection, given.row_id(do.posted, "task"))
    if one is None or one.application_id != do.case.id:
        raise NotUnderstood("task")
    tasks.done(do.connection, one.id, by=do.by, now=do.now)


def part(do: Doing) -> Bells:
    """Undo: a message that was joined here is a matter of its own."""
    message_id = given.row_id(do.posted, "message")
    filed = filings.application_of(do.connection, message_id)
    if filed is None or filed[0] != do.case.id or do.recording is None:
        raise NotUnderstood("message")
    parted = joining.part(do.connection, message_id, do.recording(), by=do.by, now=do.now)
    return parted.to_send


def unjoin(do: Doing) -> None:
    """Undo a joining, seen from either of the two."""
    number = joining.digits(do.text("number"))
    gone = dossier.find(do.connection, number)
    if gone is None or do.case.id not in (gone["id"], gone["duplicate_of"]):
        raise NotUnderstood("joined")
    joining.unjoin(do.connection, gone["id"], by=do.by, now=do.now)


HANDLING = by_name(note, task, task_done, part, unjoin)
