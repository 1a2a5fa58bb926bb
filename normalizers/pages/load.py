"""Open any file as a document of pages."""

from normalizers.pages.document import Document, Unreadable
from normalizers.pages.pdf import PdfFile
from normalizers.pages.raster import ImageFile

PDF_HEAD = 1024
"""ISO 32000 readers accept the header anywhere in the first kilobyte."""


def open_document(data: bytes, *, max_pages: int) -> Document:
    """The document in ``data``, whatever its name says.

    Raises: Unreadable, with a sentence for operators.
    """
    if not data:
        raise Unreadable("empty file")
    if b"%PDF-" in data[:PDF_HEAD]:
        return PdfFile(data)
    return ImageFile(data, max_pages=max_pages)
