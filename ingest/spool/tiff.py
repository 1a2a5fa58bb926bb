"""The skeleton of a TIFF file: its chain of pages, and where their data lies.

Only the structure is read, no image is decoded, so that a hostile or half-written file costs
nothing (TIFF 6.0, sections 2 and 8). BigTIFF (beyond 4 GB) does not occur on our channels.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

IMAGE_DESCRIPTION = 270

_IMAGE_WIDTH = 256
_STRIPS = (273, 279)
_TILES = (324, 325)
_MAX_PAGES = 5_000
_MAX_VALUES = 100_000
"""Strips of one page that are looked at; a page of single lines at 600 dpi has 7,000."""

_FORMATS = {2: "s", 3: "H", 4: "I"}
"""ASCII, SHORT, LONG: the types that the tags named here may have."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One page (image file directory). ``tags``: number to (type, count, position of the value)."""

    body: bytes = field(repr=False)
    order: str
    tags: dict[int, tuple[int, int, int]]

    def numbers(self, tag: int) -> tuple[int, ...]:
        """The values of a SHORT or LONG tag. Raises ValueError when they lie outside the file."""
        kind, count, at = self.tags.get(tag, (0, 0, 0))
        if kind not in (3, 4) or count > _MAX_VALUES:
            return ()
        return _unpack(self.order + f"{count}{_FORMATS[kind]}", self.body, at)

    def text(self, tag: int, limit: int = 2_000) -> str:
        """An ASCII tag, as far as it can be read. Raises ValueError as above."""
        kind, count, at = self.tags.get(tag, (0, 0, 0))
        if kind != 2:
            return ""
        (raw,) = _unpack(f"{min(count, limit)}s", self.body, at)
        assert isinstance(raw, bytes)
        return raw.split(b"\0")[0].decode("utf-8", "replace")

    def check_extent(self) -> bool:
        """Whether the page has an image. Raises ValueError when its data ends beyond the file.

        A fax server leaves a last directory without data when a call breaks off: not a page.
        """
        found = False
        for offsets, counts in (_STRIPS, _TILES):
            for offset, count in zip(self.numbers(offsets), self.numbers(counts), strict=False):
                found = True
                if offset + count > len(self.body):
                    raise ValueError("image data ends beyond the file")
        return found and _IMAGE_WIDTH in self.tags


def directories(body: bytes) -> Iterator[Directory]:
    """The pages in order. Raises ValueError where the chain leaves the file or runs in a circle."""
    order = "<" if body[:2] == b"II" else ">"
    (at,) = _unpack(order + "I", body, 4)
    seen: set[int] = set()
    while at:
        if at in seen or len(seen) >= _MAX_PAGES:
            raise ValueError("its pages run in a circle")
        seen.add(at)
        page, at = _directory(body, order, at)
        yield page


def page_count(body: bytes) -> int:
    """Pages with an image, as far as the file goes; 0 for anything that is no TIFF."""
    if body[:4] not in (b"II*\0", b"MM\0*"):
        return 0
    pages = 0
    try:
        for page in directories(body):
            pages += page.check_extent()
    except ValueError:
        return pages  # cut off: the pages before the cut are there
    return pages


def _directory(body: bytes, order: str, at: int) -> tuple[Directory, int]:
    (count,) = _unpack(order + "H", body, at)
    tags = {}
    for position in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind, values = _unpack(order + "HHI", body, position)
        tags[tag] = (kind, values, _value_position(body, order, position, kind, values))
    (following,) = _unpack(order + "I", body, at + 2 + 12 * count)
    return Directory(body, order, tags), following


def _value_position(body: bytes, order: str, position: int, kind: int, values: int) -> int:
    """A value of up to four bytes stands in the tag itself, a longer one where the tag says."""
    if kind in _FORMATS and struct.calcsize("=" + _FORMATS[kind]) * values <= 4:
        return position + 8
    (at,) = _unpack(order + "I", body, position + 8)
    return int(at)


def _unpack(layout: str, body: bytes, at: int) -> tuple[Any, ...]:
    try:
        return struct.unpack_from(layout, body, at)
    except struct.error:
        raise ValueError("its directory ends beyond the file") from None
