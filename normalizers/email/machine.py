"""Was it a machine? Bounces, auto-replies, and what else must never start a conversation.

Headers that standards define decide first (RFC 3464 delivery reports, RFC 8098 receipts, RFC 5965
feedback, RFC 3834 automatic answers); where programs ignore the standards, words do, but only
together with a sign that no person sent the mail. A person who attaches or quotes a bounce writes
from an address of their own, and is no machine.
"""

import re
from typing import NamedTuple

from normalizers.email import machine_words as table
from normalizers.email.addresses import Mailbox
from normalizers.email.headers import Headers
from normalizers.email.mime import Entity
from normalizers.text.turkish import fold

LOOKED_AT = 4000
"""Characters of the text in which phrases are looked for."""
MAX_REPORT = 200_000

_FAILED = (b"failed", b"fail", b"failure", b"error")
_ANSWERING_HEADERS = (
    b"x-autoreply",
    b"x-autorespond",
    b"x-autoresponder",
    b"x-auto-reply",
    b"x-auto-reply-from",
    b"x-autoreply-from",
    b"x-mail-autoreply",
    b"x-mail-vacation",
    b"x-vacation",
)
_NOTICES = ("message/feedback-report", "message/disposition-notification", "text/x-dsn")
_NOTIFYING_HEADERS = (
    b"x-boxbe-challenge",
    b"x-spamarrest",
    b"x-challenge",
    b"x-amz-sns-message-id",
)
RETURNED = frozenset({"message/rfc822", "message/rfc822-headers", "text/rfc822-headers"})
_SMTP_REPLY = re.compile(r"\b[45]\d\d[ -]#?[45]\.\d{1,3}\.\d|\b55[0-4][ :-]|notificationtype")
_NO = (b"", b"no", b"none", b"false", b"0")
_CAMPAIGNS = (
    b"list-unsubscribe-post",
    b"feedback-id",
    b"x-campaign",
    b"x-campaignid",
    b"x-mc-user",
)
"""What programs add that send one mail to many."""


class Verdict(NamedTuple):
    bounce: bool = False
    auto_reply: bool = False
    notice: bool = False
    generated: bool = False
    """A notice that answers nothing: a program sent it on its own."""

    @property
    def automatic(self) -> bool:
        return self.bounce or self.auto_reply or self.notice


class _Mail(NamedTuple):
    root: Entity
    headers: Headers
    subject: str  # folded
    text: str  # folded beginning
    from_daemon: bool
    no_sender: bool

    @property
    def robot(self) -> bool:
        """No person sent it: a mail system's name, or a null return path (RFC 5321 §4.5.5)."""
        return self.from_daemon or self.no_sender


def judge(root: Entity, subject: str, sender: Mailbox, text: str) -> Verdict:
    mail = _describe(root, subject, sender, text)
    verdict = _by_report(mail)
    if verdict is None:
        verdict = _by_delivery_words(mail)
    if verdict is None and _is_auto_reply(mail):
        verdict = Verdict(auto_reply=True)
    return verdict or _notice(mail)


def _describe(root: Entity, subject: str, sender: Mailbox, text: str) -> _Mail:
    headers = root.headers
    who = f"{fold(sender.name)} <{fold(sender.address)}"
    local = who.rpartition("<")[2].partition("@")[0]
    daemon = any(piece in local for piece in table.DAEMONS) or who.startswith(table.DAEMONS)
    paths = headers.all(b"return-path")
    null = bool(paths) and paths[0].strip().strip(b"<>").strip().lower() in (b"", b"mailer-daemon")
    return _Mail(
        root, headers, fold(subject), fold(text[:LOOKED_AT]), daemon, null or not sender.address
    )


def _by_report(mail: _Mail) -> Verdict | None:
    """What the machine-readable parts say, if there are any."""
    kinds = {entity.type for entity in mail.root.walk()}
    if kinds & set(_NOTICES):
        return Verdict(bounce=_says(mail.subject, ("rejected mail",)) and mail.robot, notice=True)
    reports = [
        e.data()[:MAX_REPORT] for e in mail.root.walk() if e.type == "message/delivery-status"
    ]
    if not reports:
        return None
    actions = [value for report in reports for value in _values(report, b"action:")]
    if actions:
        return Verdict(bounce=any(action in _FAILED for action in actions), notice=True)
    statuses = [value for report in reports for value in _values(report, b"status:")]
    if statuses:
        return Verdict(bounce=any(s.startswith(b"5") for s in statuses), notice=True)
    return None


def _values(report: bytes, name: bytes) -> list[bytes]:
    """Values of a field, without what follows the first word."""
    lines = (line.strip() for line in report.lower().splitlines())
    values = (line[len(name) :].split() for line in lines if line.startswith(name))
    return [value[0].strip(b";,") for value in values if value]


def _by_delivery_words(mail: _Mail) -> Verdict | None:
    """Non-delivery reports and delay notices in prose."""
    subject_says = _says(mail.subject, table.FAILURE_SUBJECTS)
    if not (mail.robot or b"x-failed-recipients" in mail.headers or _is_delivery_report(mail)):
        return _from_a_gateway(mail) if subject_says or "notification" in mail.subject else None
    if _says(mail.subject, table.DELAY_SUBJECTS):
        return Verdict(notice=True)
    text_says = _says(mail.text, table.FAILURE_PHRASES)
    if mail.from_daemon or b"x-failed-recipients" in mail.headers or _is_delivery_report(mail):
        return Verdict(bounce=True) if subject_says or text_says else None
    return Verdict(bounce=True) if subject_says and not _is_auto_reply(mail) else None


def _is_delivery_report(mail: _Mail) -> bool:
    content = mail.root.content
    return content.value == b"multipart/report" and b"delivery-status" in content.raw(
        b"report-type"
    )


def _from_a_gateway(mail: _Mail) -> Verdict | None:
    """Scanners and list managers that bounce under an ordinary address: never in answer to
    something, and with a mail server's answer or the returned mail to prove it."""
    if b"in-reply-to" in mail.headers or mail.subject.startswith(table.ANSWER_SUBJECTS):
        return None
    if not (_says(mail.text, table.FAILURE_PHRASES) and _is_proven(mail)):
        return None
    return Verdict(bounce=not _says(mail.text, table.STILL_TRIED_PHRASES), notice=True)


def _is_proven(mail: _Mail) -> bool:
    kinds = {entity.type for entity in mail.root.walk()}
    return not kinds.isdisjoint(RETURNED) or _SMTP_REPLY.search(mail.text) is not None


def _is_auto_reply(mail: _Mail) -> bool:
    headers = mail.headers
    if headers.first(b"auto-submitted").lower().startswith(b"auto-replied"):
        return not mail.from_daemon
    if any(headers.first(name).lower() not in _NO for name in _ANSWERING_HEADERS):
        return True
    if b"vacation" in headers.first(b"x-apple-action").lower():
        return True
    precedence = headers.first(b"precedence").lower() + headers.first(b"preference").lower()
    if b"auto_reply" in precedence or b"auto-reply" in precedence:
        return True
    if mail.subject.startswith(table.AUTO_REPLY_SUBJECTS):
        return True
    hinted = mail.no_sender or precedence in (b"bulk", b"junk") or _suppresses(headers)
    if mail.subject.startswith(table.ABSENCE_SUBJECTS):
        return hinted or b"in-reply-to" in headers or b"references" in headers
    return hinted and _says(mail.text[:1000], table.AUTO_REPLY_PHRASES)


def _suppresses(headers: Headers) -> bool:
    return b"x-auto-response-suppress" in headers or b"x-autogenerated" in headers


def _notice(mail: _Mail) -> Verdict:
    """Any other machine mail that nobody expects an answer to."""
    if (
        any(name in mail.headers for name in _NOTIFYING_HEADERS)
        or _says(mail.subject, table.CHALLENGE_SUBJECTS)
        or mail.subject.startswith(table.NOTICE_SUBJECTS)
        or _is_delivery_report(mail)
    ):
        return Verdict(notice=True)
    generated = _submitted(mail.headers) not in _NO
    return Verdict(notice=generated, generated=generated)


def _submitted(headers: Headers) -> bytes:
    """The keyword of Auto-Submitted (RFC 3834 §5): parameters and comments say nothing here. Any
    but ``no`` means that no person sent it, extensions too."""
    return re.split(rb"[\s;(]", headers.first(b"auto-submitted").strip().lower(), maxsplit=1)[0]


def is_bulk(headers: Headers) -> bool:
    """A newsletter: a way to unsubscribe (RFC 2369, RFC 8058), and a sign that many got it. A list
    that people write to (List-Post) is none: groups that gather a company's mail are such lists,
    and what comes through them was written by a person. Nor is an answer to somebody."""
    if b"list-unsubscribe" not in headers or b"list-post" in headers or b"in-reply-to" in headers:
        return False
    precedence = headers.first(b"precedence").strip().lower()
    return precedence in (b"bulk", b"junk") or any(name in headers for name in _CAMPAIGNS)


def _says(text: str, pieces: tuple[str, ...]) -> bool:
    return any(piece in text for piece in pieces)
