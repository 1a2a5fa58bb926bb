"""What goes over the air: the user data of each part of an SMS, with its header.

For SMPP: ``short_message`` of ``submit_sm``, seven-bit text unpacked (data_coding 0) or UTF-16
(data_coding 8). The header is that of 3GPP TS 23.040, 9.2.3.24.
"""

from cases.sms.alphabets import SEPTETS, Encoding
from cases.sms.segments import split

_NATIONAL_TABLE = {
    Encoding.TURKISH_SINGLE: bytes((0x24, 1, 1)),
    Encoding.TURKISH_LOCKING: bytes((0x25, 1, 1)),
}
"""Header elements that name a table: element, length, language 1 (Turkish)."""

MAX_PARTS = 255


def user_data(text: str, encoding: Encoding, reference: int) -> tuple[bytes, ...]:
    """The user data of each part.

    ``reference`` joins the parts of one text again, modulo 256; it differs from that of the text
    before to the same number. Raises ValueError when ``text`` does not fit ``encoding`` or 255
    parts.
    """
    texts = split(text, encoding)
    if len(texts) > MAX_PARTS:
        raise ValueError(f"more than {MAX_PARTS} parts")
    national = _NATIONAL_TABLE.get(encoding, b"")
    return tuple(
        _header(_concatenation(reference, len(texts), number) + national) + _body(part, encoding)
        for number, part in enumerate(texts, start=1)
    )


def _concatenation(reference: int, parts: int, number: int) -> bytes:
    return bytes((0, 3, reference % 256, parts, number)) if parts > 1 else b""


def _header(elements: bytes) -> bytes:
    return bytes((len(elements),)) + elements if elements else b""


def _body(text: str, encoding: Encoding) -> bytes:
    if encoding is Encoding.UCS2:
        return text.encode("utf-16-be")
    return b"".join(map(SEPTETS[encoding].__getitem__, text))
