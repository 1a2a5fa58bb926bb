"""How it ends: closed, accepted or not, opened again, before others."""

from cases.answers import closing, proceedings
from portal.staff.case import given
from portal.staff.case.doing import Doing, by_name
from portal.staff.case.given import NotUnderstood
from storage import closing as endings


def close(do: Doing) -> None:
    one = closing.Closing(do.text("outcome"), given.money(do.text("redress")), do.text("reason"))
    closing.close(do.connection, do.case.id, one, by=do.by, now=do.now)


def verdict(do: Doing) -> None:
    closing.verdict(
        do.connection,
        do.case.id,
        do.text("verdict"),
        half_days=do.office.half_day_counts,
        by=do.by,
        now=do.now,
        comment=do.text("comment"),
    )


def proceeding(do: Doing) -> None:
    proceedings.open_proceeding(
        do.connection,
        do.case.id,
        do.text("kind"),
        do.text("file_number"),
        given.day(do.posted, "opened_on"),
        by=do.by,
        now=do.now,
    )


def reopen(do: Doing) -> None:
    why, said = do.text("why"), do.text("reason")
    closing.reopen(do.connection, do.case.id, why, said, do.office, by=do.by, now=do.now)


def proceeding_end(do: Doing) -> None:
    """How it ended before others, and what was awarded."""
    row_id = given.row_id(do.posted, "proceeding")
    if endings.proceeding_of(do.connection, row_id) != do.case.id:
        raise NotUnderstood("proceeding")
    proceedings.close_proceeding(
        do.connection,
        row_id,
        do.text("outcome"),
        given.money(do.text("awarded"), "awarded"),
        given.day(do.posted, "closed_on"),
        by=do.by,
        now=do.now,
    )


HANDLING = by_name(close, verdict, proceeding, proceeding_end)
DECIDING = by_name(reopen)
