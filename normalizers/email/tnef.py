"""winmail.dat (Transport Neutral Encapsulation, [MS-OXTNEF]): the files and texts inside.

Own code, since the library at hand (tnefparse) trusts the counts in the file: forty bytes keep it
busy for hours.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from normalizers.email.mapi import UNICODE, Property, properties
from normalizers.text import repair

MAX_SIZE = 50_000_000
MAX_FILES = 200
TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})

_SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD = struct.Struct("<BHHI")
"""Of an attribute: level, id, type, length."""
_MAX_ATTRIBUTES = 10_000

_BODY, _MESSAGE, _CODEPAGE = 0x800C, 0x9003, 0x9007
_NEW_FILE, _TITLE, _DATA, _FILE = 0x9002, 0x8010, 0x800F, 0x9005
"""Ids of the attributes that are used."""
_TEXT, _UNCOMPRESSED, _HTML, _INTERNET_CODEPAGE = 0x1000, 0x3FD9, 0x1013, 0x3FDE
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _OBJECT = 0x3707, 0x3704, 0x3001, 0x3701
"""Ids of the MAPI properties that are used."""
_MESSAGE_OBJECT = bytes.fromhex("0703020000000000c000000000000046")
"""IID_IMessage: what follows is a winmail.dat again."""
_CHARSETS = {20127: "ascii", 65001: "utf-8", 28599: "iso-8859-9", 28591: "iso-8859-1"}


class Unpacked(NamedTuple):
    text: str
    html: str
    files: tuple[tuple[str, bytes], ...]
    """(name, bytes) in order."""


@dataclass(slots=True)
class _File:
    names: dict[int, str] = field(default_factory=dict)
    data: bytes = b""

    @property
    def name(self) -> str:
        wanted = (_LONG_NAME, _SHORT_NAME, _TITLE, _DISPLAY_NAME)
        return next((self.names[tag] for tag in wanted if self.names.get(tag)), "")


@dataclass(slots=True)
class _Found:
    charset: str | None = None
    body: str = ""
    html: str = ""
    files: list[_File] = field(default_factory=list)


def looks_like(data: bytes) -> bool:
    return data[:4] == _SIGNATURE


def unpack(data: bytes) -> Unpacked | None:
    """What is inside, as far as it goes; None when nothing is, or it is no winmail.dat."""
    if not looks_like(data) or len(data) > MAX_SIZE:
        return None
    found, count = _Found(), 0
    for attribute, value in _attributes(data):
        _take(found, attribute, value)
        count += 1
    if not count:
        return None
    files = ((file.name, file.data) for file in found.files)
    return Unpacked(found.body, found.html, tuple(files))


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(id, value) in order; the last one may be cut short."""
    at = 6  # behind signature and key
    for _ in range(_MAX_ATTRIBUTES):
        if at + _HEAD.size > len(data):
            return
        _, attribute, _, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        yield attribute, data[at : at + length]
        at += length + 2  # a checksum


def _take(found: _Found, attribute: int, value: bytes) -> None:
    if attribute == _CODEPAGE and len(value) >= 4:
        found.charset = _charset(value)
    elif attribute == _BODY:
        found.body = found.body or _text(value, found.charset)
    elif attribute == _MESSAGE:
        _take_message(found, list(properties(value)))
    elif attribute == _NEW_FILE and len(found.files) < MAX_FILES:
        found.files.append(_File())
    elif found.files:
        _take_file(found.files[-1], attribute, value, found.charset)


def _take_message(found: _Found, said: list[Property]) -> None:
    pages = (_charset(one.value) for one in said if one.tag == _INTERNET_CODEPAGE)
    charset = next(pages, found.charset)
    for one in said:
        if one.tag in (_TEXT, _UNCOMPRESSED):
            found.body = _string(one, found.charset) or found.body
        elif one.tag == _HTML:
            found.html = _string(one, charset)


def _take_file(file: _File, attribute: int, value: bytes, charset: str | None) -> None:
    if attribute == _TITLE:
        file.names[_TITLE] = _text(value, charset)
    elif attribute == _DATA:
        file.data = value
    elif attribute == _FILE:
        for one in properties(value):
            _take_property(file, one, charset)


def _take_property(file: _File, one: Property, charset: str | None) -> None:
    if one.tag in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME):
        file.names[one.tag] = _string(one, charset)
    elif one.tag == _OBJECT:
        file.data = one.value.removeprefix(_MESSAGE_OBJECT)


def _charset(value: bytes) -> str | None:
    number = int.from_bytes(value[:4], "little")
    return _CHARSETS.get(number) or f"cp{number}"


def _string(one: Property, charset: str | None) -> str:
    if one.type == UNICODE:
        return one.value.decode("utf-16-le", "replace").strip("\0")
    return _text(one.value, charset)


def _text(value: bytes, charset: str | None) -> str:
    return repair.decode(value.strip(b"\0"), charset)[0]
