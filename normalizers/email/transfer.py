"""Content transfer encodings (RFC 2045 §6), forgiving: what can be decoded is decoded."""

import binascii
import re

from normalizers.email import uuencode

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDING = re.compile(rb"=+")


def decode(body: bytes, encoding: bytes) -> bytes:
    """The bytes behind ``encoding`` (the header's value); unknown encodings mean identity."""
    words = encoding.lower().split(b";")[0].split()
    name = words[0].strip(b"\"'") if words else b""
    if name == b"base64":
        return base64(body)
    if name == b"quoted-printable":
        return binascii.a2b_qp(body)
    if name in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
        return uuencode.decode(body)
    return body


def base64(text: bytes) -> bytes:
    """Base64 with whatever is wrong with it: foreign characters, missing or early padding."""
    try:
        data = binascii.a2b_base64(text)
    except binascii.Error:
        return _pieces(_NOT_BASE64.sub(b"", text))
    return data if _ends_at_padding(text) else _after_padding(text)


def _ends_at_padding(text: bytes) -> bool:
    padding = text.find(b"=")
    return padding < 0 or len(text) - padding < 4 or not text[padding:].strip(b"= \t\r\n")


def _after_padding(text: bytes) -> bytes:
    """Several base64 texts one after the other; prose behind the padding is no base64."""
    padding = text.find(b"=")
    rest = text[padding:].strip(b"= \t\r\n")
    if _NOT_BASE64.search(rest.translate(None, b"\r\n \t")):
        return _pieces(_NOT_BASE64.sub(b"", text[:padding]))
    return _pieces(_NOT_BASE64.sub(b"", text))


def _pieces(text: bytes) -> bytes:
    return b"".join(_piece(piece) for piece in _PADDING.split(text))


def _piece(text: bytes) -> bytes:
    """Base64 characters without padding; a lone last character says nothing."""
    whole = text if len(text) % 4 != 1 else text[:-1]
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
