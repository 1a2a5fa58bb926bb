"""Watching the clocks of applications: the scheduler's part of :mod:`cases.deadlines`."""

import smtplib
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from secrets import token_hex
from typing import Any

from structlog import get_logger

from cases import aftercare
from cases.deadlines import service, watch
from config.clock import local
from storage import deadlines, departments
from workers.senders.email import deliver
from workers.toolbox import Toolbox

log = get_logger()

ROUNDS = 100
"""Batches of warnings that one job gives; the rest waits a minute."""


def warn(tools: Toolbox) -> int:
    """Give every warning that is due; returns how many."""
    settings, now = tools.settings.deadlines, tools.now()
    with tools.database.read() as connection:
        up = departments.lines(connection)
    line = watch.Line(settings.complaint_unit, settings.answers_for_law, up)
    total = 0
    for round_ in range(ROUNDS):
        with tools.database.write() as connection:
            if round_ == 0:
                deadlines.stop_settled(connection, now)
            law = service.law(connection, half_day_counts=settings.half_day_counts)
            given = watch.warn(connection, law, line, now)
        total += given
        if given < watch.AT_ONCE:
            break
    if total:
        log.info("deadlines.warned", clocks=total)
    return total


def catch_up(tools: Toolbox) -> int:
    """Deadlines for what an older version recorded; returns how many. After an upgrade there may
    be many, so each batch is a transaction of its own."""
    total = 0
    for _ in range(ROUNDS):
        with tools.database.write() as connection:
            done = aftercare.catch_up(connection, tools.house.aftercare, tools.now())
        total += done
        if done < aftercare.AT_ONCE:
            break
    if total:
        log.info("deadlines.caught_up", applications=total)
    return total


def mail(tools: Toolbox) -> None:
    """One mail to each department that has an address and new warnings. What cannot be handed over
    stays unmailed, and goes with the next one; the notices themselves are in the portal."""
    with tools.database.read() as connection:
        # what administrators wrote into the departments' table goes before the settings
        addresses = {**tools.settings.deadlines.mail_to, **departments.mail_addresses(connection)}
    if not addresses:
        return
    with tools.database.write() as connection:
        by_department = deadlines.to_mail(connection, addresses)
        for department, notices in by_department.items():
            try:
                deliver(
                    _compose(tools, addresses[department], department, notices),
                    tools.settings.mail,
                    tools.outgoing,
                )
            except (smtplib.SMTPException, OSError) as error:
                log.warning(
                    "deadlines.not_mailed", department=department, error=type(error).__name__
                )
                continue
            deadlines.mailed(connection, [one["id"] for one in notices], tools.now())


def _compose(
    tools: Toolbox, address: str, department: str, notices: Sequence[Mapping[str, Any]]
) -> EmailMessage:
    sender = tools.settings.mail.from_address
    out = EmailMessage(policy=SMTP)
    out["From"], out["To"] = sender, address
    subject, text = watch.words(notices, department)
    out["Subject"] = subject
    out["Date"] = format_datetime(local(tools.now()))
    out["Message-ID"] = f"<warn-{token_hex(10)}@{sender.rpartition('@')[2]}>"
    out["Auto-Submitted"] = "auto-generated"
    out.set_content(text)
    return out
