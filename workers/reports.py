"""Reports on schedule: made once for each period, mailed to whom the settings name.

A job of the scheduler, so one process does it at a time. Report and addressees are one transaction;
mails go out afterwards, each with a Message-ID of its own, so one that went twice is shown once.
"""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from structlog import get_logger

from cases.reports import adhoc, calendar, making, wording
from cases.reports.paper.pdf import Stamp, pdf
from cases.reports.paper.xlsx import xlsx
from config.clock import local, local_date
from storage.reporting import days, keeping
from storage.reporting.keeping import Report
from workers.senders.email import deliver
from workers.stages.batch import backoff
from workers.toolbox import Toolbox

log = get_logger()

GIVE_UP = timedelta(days=3)
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@dataclass(slots=True)
class ReportDesk:
    tools: Toolbox
    prepared: date | None = None
    """Day on which the calendar of the live figures was looked at last."""

    def run(self) -> None:
        """Make what is due, then mail what is to be mailed."""
        now = self.tools.now()
        self.prepare(now)
        self.make_due(now)
        self.make_saved(now)
        self.mail_due(now)

    def prepare(self, now: datetime) -> None:
        """Once a day: live figures count in working days without any report being made."""
        if self.prepared == local_date(now):
            return
        half = self.tools.settings.deadlines.half_day_counts
        with self.tools.database.write() as connection:
            calendar.prepare(connection, local_date(now), half_day_counts=half)
        self.prepared = local_date(now)

    def make_due(self, now: datetime) -> None:
        for kind in making.KINDS:
            for one in self._due(kind, now):
                # each in a transaction of its own: what was made is not made again
                self._make(one, now)

    def _due(self, kind: str, now: datetime) -> Sequence[making.Due]:
        schedule: str = getattr(self.tools.settings.reports, kind)
        with self.tools.database.read() as connection:
            begun = days.first_day(connection)
            last = keeping.last_day(connection, kind)
        if begun is None or not schedule:
            return ()
        return tuple(making.due(kind, schedule, last, begun, now))

    def _make(self, one: making.Due, now: datetime) -> None:
        settings = self.tools.settings.reports
        responsible = [person.model_dump() for person in settings.responsible]
        to = settings.recipients.get(one.kind, ())  # type: ignore[call-overload]
        report, new = making.make(
            self.tools.database,
            one.kind,
            one.period,
            by="system",
            now=now,
            responsible=responsible,
            recipients=to,
            half_day_counts=self.tools.settings.deadlines.half_day_counts,
        )
        balances = report.content["balance"]["balances"]
        level = log.info if balances else log.error
        level("report.made", kind=one.kind, report=report.id, new=new, balances=balances)

    def make_saved(self, now: datetime) -> None:
        """Reports that people put together and gave a schedule."""
        with self.tools.database.read() as connection:
            due = adhoc.due(connection, now)
        for name, choice, recipients in due:
            with self.tools.database.write() as connection:
                report_id = adhoc.make(connection, name, choice, by="system", now=now)
                keeping.address(connection, report_id, recipients, now)
            log.info("report.made", kind="adhoc", report=report_id)

    def mail_due(self, now: datetime) -> None:
        with self.tools.database.read() as connection:
            waiting = keeping.to_mail(connection, now)
        for report_id, recipient, attempts in waiting:
            with self.tools.database.read() as connection:
                report = keeping.load(connection, report_id)
            assert report is not None  # the foreign key says so
            values = self._send(report, recipient, attempts, now)
            with self.tools.database.write() as connection:
                keeping.settle_mail(connection, report_id, recipient, **values)
            log.info("report.mailed", report=report_id, state=values["state"])

    def _send(
        self, report: Report, recipient: str, attempts: int, now: datetime
    ) -> dict[str, object]:
        try:
            mail = self.compose(report, recipient, now)
            deliver(mail, self.tools.settings.mail, self.tools.outgoing)
        except ValueError as error:
            # an address that cannot stand in a header: no mail can ever go there
            return {"state": "failed", "detail": type(error).__name__}
        except (smtplib.SMTPException, OSError) as error:
            # it has one Message-ID, so it may go again
            detail = type(error).__name__
            if now - report.made_at > GIVE_UP:
                return {"state": "failed", "detail": detail}
            return {"state": "pending", "due_at": now + backoff(attempts), "detail": detail}
        return {"state": "sent", "sent_at": now, "detail": ""}

    def compose(self, report: Report, recipient: str, now: datetime) -> EmailMessage:
        """The mail with its two files."""
        language = self.tools.settings.reports.language
        from_address = self.tools.settings.mail.from_address
        content = report.content
        company = self.tools.settings.company.name
        stamp = Stamp(company, report.revision, report.hash, language)
        title = f"{wording.title(content, language)} – {wording.period_title(content, language)}"
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = from_address, recipient, title
        mail["Date"] = format_datetime(local(now))
        who = sha256(recipient.encode()).hexdigest()[:12]
        mail["Message-ID"] = f"<report-{report.id}-{who}@{from_address.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(_text(report, title, language))
        name = f"{report.kind}-{report.first_day}"
        mail.add_attachment(
            pdf(content, stamp), maintype="application", subtype="pdf", filename=f"{name}.pdf"
        )
        mail.add_attachment(
            xlsx(content, stamp), maintype=_XLSX[0], subtype=_XLSX[1], filename=f"{name}.xlsx"
        )
        return mail


def _text(report: Report, title: str, language: str) -> str:
    lines = [title, ""]
    if balance := report.content.get("balance"):
        lines += [
            f"{wording.word(name, language)}: {wording.number(balance[name], 0, language)}"
            for name in ("opening", "received", "reopened", "closed", "closing")
        ]
    return "\n".join([*lines, "", wording.word("confidential", language), ""])


def check(tools: Toolbox) -> None:
    """Raises ConfigurationError for a schedule that is none."""
    for kind in making.KINDS:
        if schedule := getattr(tools.settings.reports, kind):
            next(making.ticks(schedule, tools.now()))
