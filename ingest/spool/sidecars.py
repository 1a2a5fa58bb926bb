"""What stands beside a document (``NAME.json``, ``NAME.xml``) or in its name, as flat facts.

Fax gateways and scan stations write number, time and the like into a small file of their own,
or into the name. A sidecar is as hostile as any other input: bounded in size, depth and count,
XML without a document type (so without entities: no expansion, no outside references).
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.parsers import expat
from zoneinfo import ZoneInfo

from ingest.spool.listing import stat_entry, suffix_of

ISTANBUL = ZoneInfo("Europe/Istanbul")

MAX_BYTES = 64 * 1024
MAX_FACTS = 100
MAX_VALUE = 400
"""Characters of one value; longer ones are cut."""
_MAX_DEPTH = 16

_SUFFIXES = (".json", ".xml", ".JSON", ".XML")

_NO_TIME = time(12)
"""Noon stands for a day without a time: the same day in every zone between ours and UTC."""

_FORMATS = (
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%Y%m%d%H%M%S",
    "%Y%m%d-%H%M%S",
    "%Y%m%d_%H%M%S",
    "%Y%m%d%H%M",
    "%Y-%m-%d_%H-%M-%S",
)
"""Beside ISO 8601: as people write dates in Türkiye, and as programs write them into names."""


class BadSidecar(ValueError):
    """A sidecar that cannot be read. The text names no content of it."""


def sidecar_of(root: Path, relative: str) -> str | None:
    """The sidecar of a document, below the same folder: ``a.tif.json`` before ``a.json``."""
    stem = relative[: relative.rindex(".")] if "." in relative.rsplit("/", 1)[-1] else relative
    candidates = [name + suffix for name in (relative, stem) for suffix in _SUFFIXES]
    return next((name for name in candidates if stat_entry(root, name)), None)


def parse(body: bytes, relative: str) -> dict[str, str]:
    """The facts in a sidecar: names in lower-case ASCII to values, nested names by their last part,
    the first of equals wins. Raises BadSidecar."""
    if len(body) > MAX_BYTES:
        raise BadSidecar(f"it is larger than {MAX_BYTES} bytes")
    return _parse_xml(body) if suffix_of(relative) == ".xml" else _parse_json(body)


def normalised(name: str) -> str:
    """A file name in NFC: the same letters may come composed (Windows) or not (macOS)."""
    return unicodedata.normalize("NFC", name)


def moment(text: str) -> tuple[datetime, bool] | None:
    """A point in time as gateways write it, aware, and whether it had a time of day.

    Without a zone it is Europe/Istanbul; without a time, noon. None when it cannot be read.
    """
    text = text.strip()
    found = _iso(text) or _local(text)
    if found is None:
        return None
    when, timed = found
    return (when if when.tzinfo else when.replace(tzinfo=ISTANBUL)), timed


def noon(day: date) -> datetime:
    """The moment that stands for a day without a time."""
    return datetime.combine(day, _NO_TIME, ISTANBUL)


def _iso(text: str) -> tuple[datetime, bool] | None:
    try:
        return noon(date.fromisoformat(text)), False
    except ValueError:
        pass  # not a plain day: it may have a time
    try:
        return datetime.fromisoformat(text), True
    except ValueError:
        return None


def _local(text: str) -> tuple[datetime, bool] | None:
    for layout in _FORMATS:
        try:
            found = datetime.strptime(text, layout)  # noqa: DTZ007  the caller sets the zone
        except ValueError:
            continue  # the next layout
        return (found, True) if "%H" in layout else (noon(found.date()), False)
    return None


class _Facts:
    """Collects names and values within the bounds."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def add(self, name: str, value: object) -> None:
        text = str(value).strip()[:MAX_VALUE]
        if not text:
            return
        if len(self.found) >= MAX_FACTS:
            raise BadSidecar(f"it has more than {MAX_FACTS} values")
        self.found.setdefault(name.lower()[:MAX_VALUE], text)  # names of fields, not Turkish text


def _parse_json(body: bytes) -> dict[str, str]:
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError):
        raise BadSidecar("it is no JSON") from None
    facts = _Facts()
    _collect(tree, facts, depth=0)
    return facts.found


def _collect(tree: Any, facts: _Facts, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise BadSidecar("it is nested too deeply")
    if not isinstance(tree, Mapping):
        return
    for name, value in tree.items():
        if isinstance(value, bool):
            facts.add(str(name), "true" if value else "false")
        elif isinstance(value, str | int | float):
            facts.add(str(name), value)
        else:
            _collect(value, facts, depth + 1)


def _parse_xml(body: bytes) -> dict[str, str]:
    reader = _XmlFacts()
    try:
        reader.parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, BadSidecar):
            raise
        raise BadSidecar("it is no well-formed XML") from None
    return reader.facts.found


class _XmlFacts:
    """Elements and attributes by their local name."""

    def __init__(self) -> None:
        self.facts = _Facts()
        self._path: list[str] = []
        self._text = ""
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data

    def _doctype(self, *_: object) -> None:
        raise BadSidecar("its XML has a document type, which is not allowed")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(":")[2])
        self._text = ""
        if len(self._path) > _MAX_DEPTH:
            raise BadSidecar("it is nested too deeply")
        for attribute, value in attributes.items():
            self.facts.add(attribute.rpartition(":")[2], value)

    def _end(self, _: str) -> None:
        self.facts.add(self._path.pop(), self._text)
        self._text = ""

    def _data(self, text: str) -> None:
        if len(self._text) < MAX_VALUE:
            self._text += text
