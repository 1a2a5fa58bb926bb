"""Mails to applicants, where an SMS cannot reach them. Written ahead like an SMS.

The Message-ID is made from the row's reference, so a mail that went twice is one mail for every
mailbox, and an answer to it finds its application. On an acknowledgement ``Auto-Submitted`` and a
null return path keep other machines from answering (RFC 3834); an answer that a person wrote has a
return path, and a report of non-delivery comes back into its application.
"""

import re
import smtplib
import ssl
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from structlog import get_logger
from structlog.contextvars import bound_contextvars

from cases.answers.content import File
from cases.letters import subject
from config.clock import local
from config.sections import Mail
from storage import outbox
from storage.outbox import OutboxRow
from workers.stages.batch import QUIET, backoff
from workers.toolbox import Toolbox

log = get_logger()

_CAN_BE_QUOTED = re.compile(r"[!-~]{1,200}")
"""Message-IDs that may be put into a header again: visible ASCII, no blanks."""

REFUSED_FOR_GOOD = range(500, 600)


class SendMail:
    queue = "email"

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def run(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        now = self.tools.now()
        with self.tools.database.write() as connection:
            held, rows = outbox.claim(
                connection,
                "email",
                ids=ids,
                limit=20,
                now=now,
                hold=self.tools.hold,
            )
        for row in rows:
            with self.tools.database.write() as connection:
                ours = outbox.mark_submitting(
                    connection, held, [row.id], "smtp", now=self.tools.now(), hold=self.tools.hold
                )
            if not ours:
                continue
            state, values = self._send(row, self.tools.now())
            with self.tools.database.write() as connection:
                outbox.settle(connection, held, row.id, state, **values)
            with bound_contextvars(trace=row.trace, outbox_id=row.id):
                log.info("mail.handed_over", state=state, detail=values["detail"])
        return {}

    def overdue(self, limit: int) -> Collection[int]:
        with self.tools.database.write() as connection:
            return outbox.overdue(
                connection, "pending", "email", now=self.tools.now(), quiet=QUIET, limit=limit
            )

    def _send(self, row: OutboxRow, now: datetime) -> tuple[str, dict[str, Any]]:
        try:
            mail = compose(row, self.tools.settings.mail.from_address, now, self._files(row))
        except KeyError:
            return "failed", {"settled_at": now, "detail": "an attachment is not in the store"}
        except ValueError as error:
            # An address that cannot stand in a header: no mail can ever go there.
            detail = f"the mail cannot be written: {type(error).__name__}"
            return "failed", {"settled_at": now, "detail": detail}
        try:
            deliver(
                mail,
                self.tools.settings.mail,
                self.tools.outgoing,
                bounces=not is_automatic(row),
            )
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            if code in REFUSED_FOR_GOOD:
                return "failed", {"settled_at": now, "detail": f"the address is refused ({code})"}
            return self._later(row, now, f"put off by the server ({code})")
        except smtplib.SMTPResponseException as error:
            return self._later(row, now, f"put off by the server ({error.smtp_code})")
        except (smtplib.SMTPException, OSError) as error:
            # A mail that goes twice has one Message-ID: mailboxes show it once, so it may go again.
            return self._later(row, now, f"the server does not answer: {type(error).__name__}")
        return "accepted", {"accepted_at": now, "detail": ""}

    def _files(self, row: OutboxRow) -> list[tuple[File, bytes]]:
        """Attachments with their bytes. Raises: KeyError, OSError."""
        files = [File(**one) for one in row.envelope.get("files", ())]
        return [(file, self.tools.blobs.get(file.sha256)) for file in files]

    def _later(self, row: OutboxRow, now: datetime, detail: str) -> tuple[str, dict[str, Any]]:
        give_up = timedelta(hours=self.tools.settings.sms.give_up_hours)
        if now - row.created_at > give_up:
            return "failed", {"settled_at": now, "detail": detail}
        due_at = now + backoff(row.attempts)
        return "pending", {"due_at": due_at, "rung_at": None, "detail": detail}


def compose(
    row: OutboxRow, from_address: str, now: datetime, files: Sequence[tuple[File, bytes]] = ()
) -> EmailMessage:
    """The mail of a row. Without an envelope it is an acknowledgement, which no machine may answer;
    what a person wrote comes from the address that the applicant wrote to."""
    envelope = row.envelope
    sender = str(envelope.get("from") or from_address)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = row.recipient
    mail["Subject"] = str(envelope.get("subject") or subject(row.language, row.number))
    mail["Date"] = format_datetime(local(now))
    mail["Message-ID"] = f"<{row.reference}@{sender.rpartition('@')[2]}>"
    _thread(mail, row)
    if is_automatic(row):
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(row.text)
    for file, content in files:
        main, _, sub = file.content_type.partition("/")
        if main in ("multipart", "message") or not sub:
            main, sub = "application", "octet-stream"  # as bytes: it is not ours to take apart
        mail.add_attachment(content, maintype=main, subtype=sub, filename=file.name)
    return mail


def is_automatic(row: OutboxRow) -> bool:
    """Whether no person wrote it: the acknowledgement."""
    return not row.envelope


def _thread(mail: EmailMessage, row: OutboxRow) -> None:
    if not (row.in_reply_to and _CAN_BE_QUOTED.fullmatch(row.in_reply_to)):
        return
    mail["In-Reply-To"] = f"<{row.in_reply_to}>"
    before = row.envelope.get("references") or [row.in_reply_to]
    mail["References"] = " ".join(f"<{i}>" for i in before if _CAN_BE_QUOTED.fullmatch(i))


def deliver(mail: EmailMessage, settings: Mail, outgoing: Path, *, bounces: bool = False) -> None:
    """Give the mail to the SMTP server, or keep it in the folder where none is set.

    ``bounces``: whether a report of non-delivery comes back to the sender. Of an acknowledgement it
    does not: nothing must come of a mail that answers a mail by itself (RFC 3834).
    """
    if not settings.host:
        outgoing.mkdir(parents=True, exist_ok=True)
        name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        (outgoing / f"{name}.eml").write_bytes(bytes(mail))
        return
    context = ssl.create_default_context()
    with _connect(settings, context) as server:
        if settings.username:
            server.login(settings.username, settings.password.get_secret_value())
        back = str(mail["From"]) if bounces else ""
        server.send_message(mail, from_addr=back)


def _connect(settings: Mail, context: ssl.SSLContext) -> smtplib.SMTP:
    if settings.security == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=30, context=context)
    server = smtplib.SMTP(settings.host, settings.port, timeout=30)
    if settings.security == "starttls":
        server.starttls(context=context)
    return server
