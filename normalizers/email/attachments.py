"""Attachments: safe names, and the bytes as they were sent."""

import hashlib
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import unquote

from normalizers.email import words
from normalizers.email.mime import Entity
from normalizers.schema import Attachment, Part

MAX_NAME = 200
"""Bytes of a name in UTF-8; file systems take 255."""

_EXTENSIONS = {
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/vcard": ".vcf",
    "text/rfc822-headers": ".txt",
    "message/delivery-status": ".txt",
}
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


class File(NamedTuple):
    """``name`` as sent, decoded; may be empty."""

    name: str
    content_type: str
    data: bytes


def name_of(entity: Entity, charset: str | None = None) -> str:
    """The name a part gives itself: filename, name, file, or the end of its Content-Location."""
    for key in (b"filename", b"name", b"file"):
        for parameters in (entity.disposition, entity.content):
            name = parameters.text(key, charset)
            if name:
                return name
    location = words.decode(entity.headers.first(b"content-location"), charset)
    return _end_of_location(location) if location else ""


def _end_of_location(location: str) -> str:
    """The last part of a URL's path, if it looks like the name of a file."""
    end = unquote(location.partition("?")[0].partition("#")[0].rpartition("/")[2])
    return end if "." in end.strip(".") else ""


def part(file: File, number: int) -> Part:
    """``number``, from 1, names a file that has no name."""
    name = safe_name(file.name) or f"attachment-{number}{_extension(file.content_type)}"
    attachment = Attachment(
        name=name,
        size=len(file.data),
        sha256=hashlib.sha256(file.data).hexdigest(),
        content_type=file.content_type,
    )
    return Part(attachment, file.data)


def _extension(content_type: str) -> str:
    return _EXTENSIONS.get(content_type, ".bin")


def safe_name(name: str) -> str:
    """Without path, control and direction characters; shortened in front of its extension.
    Empty when nothing remains."""
    name = unicodedata.normalize("NFC", _FORBIDDEN.sub("", name))
    name = name.replace("\\", "/").rstrip("/ ").rpartition("/")[2].strip()
    if not name.strip("."):
        return ""
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return _shortened(name, MAX_NAME)
    end = f".{extension}"
    return _shortened(stem, MAX_NAME - len(end.encode())) + end


def _shortened(text: str, size: int) -> str:
    """At most ``size`` bytes of UTF-8, whole characters. Lone surrogates become ``?``."""
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
