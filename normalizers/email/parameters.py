"""Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2231), on bytes."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from normalizers.email import words
from normalizers.text import repair

MAX_PARAMETERS = 200
_NAME = re.compile(rb"[;\s]*([^\s=;\"]{1,100})\s*=\s*")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*+)("|$)', re.DOTALL)
_ESCAPE = re.compile(rb'\\(["\\])')
_SECTION = re.compile(rb"(.+?)(?:\*(\d{1,3}))?(\*)?", re.DOTALL)


class _Section(NamedTuple):
    number: int
    encoded: bool
    value: bytes


class Parameters:
    """A header value with parameters: ``value`` in lower case, and the parameters by name."""

    __slots__ = ("_sections", "value")

    def __init__(self, header: bytes) -> None:
        value, _, rest = header.partition(b";")
        self.value = value.strip().strip(b'"').lower()
        self._sections: dict[bytes, list[_Section]] = {}
        for name, text in _parse(rest):
            self._add(name, text)

    def _add(self, name: bytes, text: bytes) -> None:
        parsed = _SECTION.fullmatch(name)
        if parsed is None:
            return
        section = _Section(int(parsed[2] or 0), bool(parsed[3]), text)
        sections = self._sections.setdefault(parsed[1].lower(), [])
        if all(section[:2] != other[:2] for other in sections):  # of repeated ones, the first
            sections.append(section)

    def raw(self, name: bytes) -> bytes:
        """The value as bytes, undecoded; ``b""`` when missing."""
        return b"".join(s.value for s in sorted(self._sections.get(name, ())))

    def text(self, name: bytes, charset: str | None = None) -> str:
        """The decoded value; ``charset`` as in :func:`normalizers.email.words.decode`."""
        if name not in self._sections:
            return ""
        sections = sorted(self._sections[name])
        encoded = [s for s in sections if s.encoded]
        if not encoded:
            return words.decode(b"".join(s.value for s in sections), charset)
        if encoded[0].number == 0:  # name*= beside name=: the encoded one is meant
            sections = [s for s in sections if s.encoded or s.number]
        return _extended(sections, charset)


def _extended(sections: list[_Section], charset: str | None) -> str:
    """RFC 2231 §4: ``charset'language'percent-encoded`` in the first section."""
    first = sections[0]
    pieces = first.value.split(b"'", 2) if first.encoded else [first.value]
    declared = pieces[0].decode("ascii", "replace") if len(pieces) == 3 else charset
    data = [(pieces[-1], first.encoded), *((s.value, s.encoded) for s in sections[1:])]
    joined = b"".join(unquote_to_bytes(value) if enc else value for value, enc in data)
    return words.decode(joined) if b"=?" in joined else repair.decode(joined, declared or None)[0]


def _parse(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(MAX_PARAMETERS):
        name = _NAME.match(text, at)
        if name is None:
            semicolon = text.find(b";", at + 1)
            if semicolon < 0:
                return
            at = semicolon
            continue
        quoted = _QUOTED.match(text, name.end())
        if quoted:
            at = quoted.end()
            yield name[1], _ESCAPE.sub(rb"\1", quoted[1])
        else:
            end = text.find(b";", name.end())
            at = end if end >= 0 else len(text)
            yield name[1], text[name.end() : at].strip()
