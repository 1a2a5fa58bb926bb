"""MAPI properties as winmail.dat packs them ([MS-OXTNEF] 2.1.3.4).

Every count comes from outside: the walk ends where the bytes end, whatever a count says.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8,
          0x48: 16}  # fmt: skip
"""Bytes of a value of fixed size, by type, padded to four."""
_LISTED = frozenset({0x00, 0x0D, 0x1E, 0x1F, 0x102})
"""Types whose values come with their number and each with its length."""
UNICODE = 0x1F
_MULTIPLE = 0x1000
_NAMED = 0x8000
_MAX_PROPERTIES = 10_000


class Property(NamedTuple):
    """``value`` is the first, where there are several; ``type`` is without the flag for several."""

    tag: int
    type: int
    value: bytes


class _Bytes:
    """Reads from the front. Raises ValueError where the bytes end."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._data):
            raise ValueError("it ends within a property")
        taken, self._at = self._data[self._at : end], end
        return taken

    def number(self) -> int:
        (number,) = struct.unpack("<I", self.take(4))
        return int(number)

    def padded(self, size: int) -> bytes:
        return self.take(size + -size % 4)[:size]


def properties(data: bytes) -> Iterator[Property]:
    """The properties in order, as far as the bytes go."""
    source = _Bytes(data)
    try:
        for _ in range(min(source.number(), _MAX_PROPERTIES)):
            yield _property(source)
    except ValueError:
        return  # cut short, or of a type that nobody knows: what came before it is good


def _property(source: _Bytes) -> Property:
    kind, tag = struct.unpack("<HH", source.take(4))
    if tag >= _NAMED:
        _skip_name(source)
    several = bool(kind & _MULTIPLE)
    return Property(tag, kind & ~_MULTIPLE, _value(source, kind & ~_MULTIPLE, several))


def _skip_name(source: _Bytes) -> None:
    source.take(16)
    source.padded(source.number()) if source.number() else source.take(4)


def _value(source: _Bytes, kind: int, several: bool) -> bytes:
    """The first value; all are read. None takes no room at all, so the bytes bound the loop."""
    count = source.number() if several or kind in _LISTED else 1
    first = b""
    for index in range(count):
        value = source.padded(source.number()) if kind in _LISTED else source.take(_size(kind))
        first = first if index else value
    return first


def _size(kind: int) -> int:
    if kind not in _SIZES:
        raise ValueError("a type that nobody knows")
    return _SIZES[kind]
