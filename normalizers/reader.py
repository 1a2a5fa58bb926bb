"""What a reader is: the function behind an entry point of the group ``basvuru.readers``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ingest.contract import RawItem
from normalizers.ocr.engine import OcrEngine
from normalizers.schema import Reading


@dataclass(frozen=True, slots=True)
class Options:
    """What a reader may need beyond the bytes. All bounds hold for one item."""

    ocr: OcrEngine
    dpi: int = 300
    max_pages: int = 200
    review_below: float = 80.0
    """Mean confidence under which a document goes to the reading desk."""


Read = Callable[[RawItem, Options], Reading]


@dataclass(frozen=True, slots=True)
class Reader:
    """``queue``: where the work is done. ``pages`` is for anything slower than 50 ms an item, so
    that mail never waits behind scans; ``social`` for what may come by the ten thousand."""

    kind: str
    read: Read
    queue: Literal["mail", "social", "pages"] = "mail"
