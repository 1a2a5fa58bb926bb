"""Whether a file is there to its end.

A scanner, a network copy or a fax server writes a file over seconds or minutes, and a pause looks
like the end. Each of the formats says itself where it ends. A file that fails here may still be
readable in part; it is handed in as ``incomplete`` once waiting has become pointless.
"""

from collections.abc import Callable

from ingest.spool.tiff import directories

_TAIL = 1024
"""Bytes in which the end mark must stand. PDF: as readers do (PDF Reference 1.7, appendix H,
note 18); the others: room for the padding that some devices add."""


def missing_end(body: bytes, suffix: str) -> str | None:
    """What a file lacks, in words for an operator; None when it is whole.

    What the bytes are counts before what the name says. A type without an end of its own (text)
    is whole when it is not empty.
    """
    if not body.strip(b"\0"):
        return "the file is empty"
    for begins, check in _CHECKS.values():
        if begins(body):
            return check(body)
    expected = _SUFFIXES.get(suffix)
    return f"it does not begin like a {expected}" if expected else None


def _tail(body: bytes) -> bytes:
    """The last bytes, without the zeros and blanks that devices pad with."""
    return body.rstrip(b"\0 \t\r\n")[-_TAIL:]


def _pdf(body: bytes) -> str | None:
    return None if b"%%EOF" in _tail(body) else "the end mark %%EOF of the PDF is missing"


def _jpeg(body: bytes) -> str | None:
    return None if b"\xff\xd9" in _tail(body) else "the end mark EOI of the JPEG is missing"


def _png(body: bytes) -> str | None:
    return None if b"IEND\xaeB`\x82" in _tail(body) else "the chunk IEND of the PNG is missing"


def _tiff(body: bytes) -> str | None:
    try:
        pages = sum(1 for page in directories(body) if page.check_extent())
    except ValueError as error:
        return f"the TIFF is cut off: {error}"
    return None if pages else "the TIFF has no page"


_CHECKS: dict[str, tuple[Callable[[bytes], bool], Callable[[bytes], str | None]]] = {
    "PDF": (lambda body: b"%PDF-" in body[:_TAIL], _pdf),
    "TIFF": (lambda body: body[:4] in (b"II*\0", b"MM\0*"), _tiff),
    "JPEG": (lambda body: body.startswith(b"\xff\xd8\xff"), _jpeg),
    "PNG": (lambda body: body.startswith(b"\x89PNG\r\n\x1a\n"), _png),
}

_SUFFIXES = {
    ".pdf": "PDF",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".png": "PNG",
}
