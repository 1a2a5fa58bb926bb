"""winmail.dat (Transport Neutral Encapsulation, [MS-OXTNEF]): the files and texts inside."""

from typing import NamedTuple

from tnefparse.tnef import TNEF, TNEFAttachment

from normalizers.text import repair

MAX_SIZE = 50_000_000
MAX_FILES = 200
TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


class Unpacked(NamedTuple):
    text: str
    html: str
    files: tuple[tuple[str, bytes], ...]
    """(name, bytes) in order."""


def looks_like(data: bytes) -> bool:
    return data[:4] == b"\x78\x9f\x3e\x22"


def unpack(data: bytes) -> Unpacked | None:
    """What is inside, or None when it cannot be read: the file itself is then the attachment."""
    if not looks_like(data) or len(data) > MAX_SIZE:
        return None
    try:
        return _unpack(TNEF(data, do_checksum=False))
    except Exception:  # noqa: BLE001  the library fails in many ways on damage; the caller says so
        return None


def _unpack(parsed: TNEF) -> Unpacked:
    files = [(_name(a), bytes(a.data)) for a in parsed.attachments[:MAX_FILES]]
    return Unpacked(_text(parsed.body), _text(parsed.htmlbody), tuple(files))


def _name(attachment: TNEFAttachment) -> str:
    try:
        return _text(attachment.long_filename())
    except UnicodeDecodeError as error:  # the library takes every short name for UTF-8
        return _text(error.object)


def _text(value: object) -> str:
    """The library gives bytes or text, whichever the property held."""
    if isinstance(value, list):
        value = value[0] if value else None
    text = repair.decode(value)[0] if isinstance(value, bytes) else str(value or "")
    return text.strip("\x00")
