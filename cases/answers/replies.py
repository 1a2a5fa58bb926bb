"""A message joined an application: does it answer what we asked, or open what was closed?

Called by recording, in its transaction, with the application locked.
"""

from collections.abc import Sequence
from datetime import datetime

from cases.answers import asking, closing, surveys
from cases.answers.mood import only_thanks
from normalizers.schema import Message
from storage import outbox, standing
from storage.engine import Connection

APPLICANT = "applicant"
JOINS = ("reply", "near")
"""How a message joins that somebody wrote to us anew; copies and machines say nothing new."""


def joined(
    connection: Connection,
    application_id: int,
    message_id: int,
    message: Message,
    how: str,
    now: datetime,
) -> None:
    """See to one message that joined an application."""
    if message.mail and message.mail.is_bounce:
        _came_back(connection, message.mail.returned, now)
    if how not in JOINS:
        return
    to = standing.take(connection, application_id)
    if to is None:
        return
    if message.kind == "sms" and surveys.answered_by_sms(connection, to, message.written, now):
        return
    if to.status == "closed":
        if not only_thanks(message.written):
            closing.reopen_for_message(connection, to, message_id, now=now)
        return
    asked = to.status == "waiting_applicant"
    if asked or (to.status == "answered" and not only_thanks(message.written)):
        asking.heard(connection, to, message_id, by=APPLICANT, now=now)


def _came_back(connection: Connection, returned: Sequence[str], now: datetime) -> None:
    """A mail of ours did not arrive: what it was to say is still owed."""
    for message_id in returned:
        reference = message_id.partition("@")[0]
        if reference.startswith("bv"):
            outbox.apply_receipt(
                connection,
                "failed",
                reference=reference,
                provider_id="",
                gateway="smtp",
                detail="the mail came back",
                now=now,
            )
