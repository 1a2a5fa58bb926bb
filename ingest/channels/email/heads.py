"""The few header fields that the channel itself needs: who sent it, and when it reached us.

Reading mail is the reader's work (:mod:`normalizers.email`); this looks at no more than the head.
"""

import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime

from ingest.channels.email.settings import EmailSettings

HEAD_BYTES = 65_536
_SUBJECT_CHARACTERS = 300


class FaxSorter:
    """Tells the mails of fax gateways from those of people, and finds the caller's number."""

    def __init__(self, settings: EmailSettings) -> None:
        self._gateways = frozenset(map(_ascii_lower, settings.fax_gateways))
        self._number = re.compile(settings.fax_pattern)

    def sort(self, body: bytes) -> tuple[str, dict[str, str]]:
        """``kind`` and facts: ``("email", {})``, or ``fax-mail`` with ``fax_number`` if found."""
        if not self._gateways:
            return "email", {}
        head = read_head(body)
        if self._gateways.isdisjoint(_senders(head)):
            return "email", {}
        found = self._number.search(subject_of(head)[:_SUBJECT_CHARACTERS])
        return "fax-mail", {"fax_number": found.group(1)} if found and found.group(1) else {}


def read_head(body: bytes) -> Message:
    """The header fields of a mail, as far as they stand in its first 64 kB."""
    return BytesHeaderParser().parsebytes(body[:HEAD_BYTES])


def cut_head(body: bytes) -> bytes:
    """The header alone, with the blank line; what stands for a mail that is too large."""
    found = re.search(rb"\r?\n\r?\n", body[:HEAD_BYTES])
    return body[: found.end() if found else HEAD_BYTES]


def subject_of(head: Message) -> str:
    raw = str(head.get("Subject", ""))
    try:
        return str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, ValueError):  # a wrong charset: numbers are ASCII anyway
        return raw


def received_of(body: bytes) -> datetime | None:
    """When our own server took the mail: the date of the topmost Received field, aware (RFC 5321
    section 4.4). None when there is none."""
    stamp = str(read_head(body).get("Received", "")).rpartition(";")[2].strip()
    try:
        moment = parsedate_to_datetime(stamp[:100])
    except (ValueError, OverflowError):  # not a date
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _senders(head: Message) -> set[str]:
    """Addresses in From, and their domains as ``@example.test``."""
    fields = [str(value) for value in head.get_all("From", [])]
    addresses = {_ascii_lower(address) for _, address in getaddresses(fields)}
    return addresses | {"@" + address.rpartition("@")[2] for address in addresses}


def _ascii_lower(address: str) -> str:
    """Lower case of ASCII letters alone; addresses need no more, and Turkish letters stay whole."""
    return address.strip().encode("utf-8", "replace").lower().decode()
