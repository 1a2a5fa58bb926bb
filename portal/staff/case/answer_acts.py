"""What is said to the applicant, and to whoever acts for them."""

from collections.abc import Mapping, Sequence

from cases.answers import asking, authority, calls, drafting
from portal.staff.case import given
from portal.staff.case.doing import Bells, Doing, by_name
from portal.staff.case.given import NotUnderstood
from storage import answers, dossier


def ask(do: Doing) -> Bells:
    said, medium = do.text("question"), do.text("medium")
    _, bells = asking.ask(do.connection, do.case.id, said, medium, do.office, by=do.by, now=do.now)
    return bells


def draft(do: Doing) -> None:
    _kept(do)


def send(do: Doing) -> Bells:
    answer = _kept(do)
    return drafting.submit(do.connection, answer, do.office, by=do.by, now=do.now).bells


def _kept(do: Doing) -> int:
    """The draft as it was written, new or the one that is there."""
    content = given.content(do.posted, do.case.row)
    if not do.text("answer"):
        return drafting.draft(do.connection, do.case.id, content, by=do.by, now=do.now)
    answer = _answer(do)
    drafting.change(do.connection, answer, content, by=do.by, now=do.now)
    return answer


def _answer(do: Doing) -> int:
    """The answer that the form names, which must be one of this application."""
    one = answers.by_id(do.connection, given.row_id(do.posted, "answer"))
    if one is None or one.application_id != do.case.id:
        raise NotUnderstood("answer")
    return one.id


def call(do: Doing) -> Bells | None:
    outbox_id = given.row_id(do.posted, "outbox")
    if outbox_id not in {one["id"] for one in _owed(do)}:
        raise NotUnderstood("outbox")
    came = calls.called(
        do.connection,
        outbox_id,
        reached=do.text("reached") == "yes",
        note=do.text("note"),
        office=do.office,
        by=do.by,
        now=do.now,
    )
    return came.bells


def _owed(do: Doing) -> Sequence[Mapping[str, int]]:
    return dossier.sent(do.connection, do.case.id)


def approve(do: Doing) -> Bells:
    return drafting.approve(do.connection, _answer(do), do.office, by=do.by, now=do.now)


def reject(do: Doing) -> None:
    drafting.reject(do.connection, _answer(do), do.text("why"), by=do.by, now=do.now)


def discard(do: Doing) -> None:
    """A draft is given up; it stays to be read."""
    drafting.discard(do.connection, _answer(do), by=do.by, now=do.now)


def represent(do: Doing) -> None:
    kind, name = do.text("kind"), do.text("name")
    authority.represent(do.connection, do.case.id, kind, name, by=do.by, now=do.now)


def authorise(do: Doing) -> None:
    """A colleague saw the document; it is one of the files that came with the application."""
    document = do.text("document")
    if document not in {one["sha256"] for one in dossier.files(do.connection, do.case.id)}:
        raise NotUnderstood("document")
    who = given.row_id(do.posted, "representative")
    authority.check_authority(do.connection, do.case.id, who, document, by=do.by, now=do.now)


def represented(do: Doing) -> None:
    """They no longer act for the applicant."""
    who = given.row_id(do.posted, "representative")
    authority.end(do.connection, do.case.id, who, by=do.by, now=do.now)


HANDLING = by_name(ask, draft, discard, send, call, represent, authorise, represented)
DECIDING = by_name(approve, reject)
