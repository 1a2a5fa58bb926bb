"""The e-mail channel: a mailbox over IMAP, or a Maildir on this machine."""

from pathlib import Path

from ingest.channels.email.imap import ImapChannel
from ingest.channels.email.maildir import MaildirChannel
from ingest.channels.email.settings import EmailSettings
from ingest.contract import Channel, Context, Declaration

MANUAL = """\
Reads a mailbox with a cursor of its own: people may read, mark and move the same mails. Nothing
is ever marked as read. Mails are recorded before the mailbox hears of it; `after` says what then
happens to them there. Mails above `max_bytes` are set aside with their header and can be fetched
whole later. Accounts of Microsoft 365 and Google log in with `auth = "xoauth2"` and the table
`oauth`. `fax_gateways` names senders whose mails bring faxes; they are read as such.
"""


def open_channel(settings: EmailSettings, context: Context) -> Channel:
    if settings.source == "maildir":
        return MaildirChannel(settings, context)
    return ImapChannel(settings, context)


CHANNEL = Declaration(
    kind="email",
    summary="Mailboxes over IMAP, and Maildirs",
    settings=EmailSettings,
    open=open_channel,
    manual=MANUAL,
    samples=Path(__file__).parent / "samples",
    contract_version=1,
)
