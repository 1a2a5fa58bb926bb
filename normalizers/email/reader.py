"""The reader of kind ``email``: RFC 5322 mail as it really comes, to one message."""

import re
import unicodedata
from datetime import datetime

from ingest.contract import RawItem
from normalizers.email import (
    addresses,
    attachments,
    contents,
    dates,
    headers,
    machine,
    mime,
    reply,
    words,
)
from normalizers.email.addresses import Mailbox
from normalizers.email.headers import Headers
from normalizers.email.mime import Entity
from normalizers.reader import Options
from normalizers.schema import Identifiers, MailFacts, Message, Reading, Sender
from normalizers.text import identifiers

MAX_FROM = 5
MAX_REFERENCES = 200
MAX_TO = 50
MAX_WARNINGS = 20
_ID = re.compile(r"<\s*([^<>]{1,500}?)\s*>")


def read(item: RawItem, options: Options) -> Reading:  # noqa: ARG001  mail needs no options
    """Read one mail. Never raises on content; facts of the item are not needed."""
    tree = mime.parse(item.body)
    found = contents.collect(tree.root)
    text = unicodedata.normalize("NFC", found.text)
    mail, answer = _facts(tree.root, text)
    parts = tuple(attachments.part(file, n) for n, file in enumerate(found.files, 1))
    warnings = list(dict.fromkeys(found.warnings))[:MAX_WARNINGS]
    if tree.cut:
        warnings.append("too many or too deeply nested parts: the rest was not taken apart")
    message = Message(
        source=item.source_key,
        kind="email",
        text=text,
        received_at=item.received_at or mail.date,
        sender=_sender(mail, tree.root.headers),
        identifiers=_identifiers(mail.subject or "", answer),
        attachments=tuple(part.attachment for part in parts),
        warnings=tuple(warnings),
        mail=mail,
    )
    return Reading(message, parts)


def _facts(root: Entity, text: str) -> tuple[MailFacts, reply.Reply]:
    headers_, charset = root.headers, root.charset
    subject = words.decode(headers_.first(b"subject"), charset)
    sender = _from(headers_, charset)
    answer = reply.split(text, subject)
    verdict = machine.judge(root, subject, sender, text)
    facts = MailFacts(
        message_id=_first_id(headers_.first(b"message-id")),
        in_reply_to=_first_id(headers_.first(b"in-reply-to")),
        references=_ids(headers_.first(b"references"))[:MAX_REFERENCES],
        to=_to(headers_, charset),
        returned=_returned(root) if verdict.automatic else (),
        from_addr=sender.address or None,
        from_name=sender.name or None,
        subject=subject or None,
        reply_text=answer.text,
        date=_date(headers_, charset),
        is_auto_reply=verdict.auto_reply,
        is_bounce=verdict.bounce,
        is_automatic=verdict.automatic,
        is_generated=verdict.generated,
        is_bulk=machine.is_bulk(root.headers) and not verdict.automatic,
    )
    return facts, answer


def _from(headers: Headers, charset: str | None) -> Mailbox:
    """The first From mailbox with an address; a name alone where there is none."""
    found = [addresses.first(value, charset) for value in headers.all(b"from")[:MAX_FROM]]
    addressed = (mailbox for mailbox in found if mailbox.address)
    return next(addressed, found[0] if found else Mailbox("", ""))


def _sender(mail: MailFacts, headers: Headers) -> Sender:
    """Whom an answer reaches: From, and Reply-To or Sender where From names no address."""
    address = mail.from_addr
    for name in (b"reply-to", b"sender"):
        address = address or addresses.first(headers.first(name)).address
    return Sender(name=mail.from_name, email=_lower(address or None))


def _date(headers: Headers, charset: str | None) -> datetime | None:
    return dates.parse(words.decode(headers.first(b"date"), charset))


def _to(fields: Headers, charset: str | None) -> tuple[str, ...]:
    """Whom it was sent to, the visible addresses first."""
    names = (b"to", b"cc", b"delivered-to", b"x-original-to")
    values = [value for name in names for value in fields.all(name)]
    boxes = (box for value in values for box in addresses.mailboxes(value, charset))
    found = (_lower(box.address) for box in boxes)
    return tuple(dict.fromkeys(address for address in found if address))[:MAX_TO]


def _returned(root: Entity) -> tuple[str, ...]:
    """Message-IDs of the mails that a delivery report gives back, whole or their headers."""
    parts = [one for one in root.walk() if one.type in machine.RETURNED][:MAX_FROM]
    found = [headers.split(part.data())[0].first(b"message-id") for part in parts]
    return tuple(dict.fromkeys(i for i in map(_first_id, found) if i))


def _ids(header: bytes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ID.findall(words.decode(header))))


def _first_id(header: bytes) -> str | None:
    """The id, also where the brackets are missing."""
    text = words.decode(header)
    found = _ID.search(text)
    return (found[1] if found else text.split(" ")[0].strip("<>")) or None


def _lower(address: str | None) -> str | None:
    """ASCII alone: nobody knows how a mail server elsewhere lowers other letters."""
    return address.lower() if address and address.isascii() else address


def _identifiers(subject: str, answer: reply.Reply) -> Identifiers:
    """From what the sender wrote, signature included: a number in a quoted mail is not theirs."""
    return identifiers.find(f"{subject}\n{answer.own}")
