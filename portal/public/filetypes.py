"""What a file is, by looking into it. Its name and what the browser says of it prove nothing."""

import io
import zipfile
from collections.abc import Mapping

ACCEPT = ".pdf,.jpg,.jpeg,.png,.webp,.heic,.tif,.tiff,.gif,.docx,.xlsx,.odt,.doc,.xls,.txt"
"""For the browser's file chooser."""

_HEADS: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "application/pdf"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"II*\x00", 0, "image/tiff"),
    (b"MM\x00*", 0, "image/tiff"),
    (b"WEBP", 8, "image/webp"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/x-ole-storage"),
)
"""First bytes, where they stand, what they mean (the formats' own specifications)."""
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
_OFFICE: Mapping[str, str] = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ODT = "application/vnd.oasis.opendocument.text"
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/tiff": ("tif", "tiff"),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "application/x-ole-storage": ("doc", "xls"),
    _OFFICE["word/document.xml"]: ("docx",),
    _OFFICE["xl/workbook.xml"]: ("xlsx",),
    _ODT: ("odt",),
    "text/plain": ("txt",),
}
_LOOKED_AT = 4_096


def type_of(data: bytes) -> str | None:
    """The media type of a file that we take; None for everything else."""
    for head, at, media_type in _HEADS:
        if data[at : at + len(head)] == head:
            return media_type
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return "image/heic"
    if data[:4] == b"PK\x03\x04":
        return _inside_zip(data)
    return "text/plain" if _is_text(data[:_LOOKED_AT]) else None


def fitting(name: str, media_type: str) -> str:
    """The name, ending in what the file is: a colleague opens it by its ending, and a text that is
    called ``fatura.pdf.vbs`` would run."""
    endings = _ENDINGS[media_type]
    return name if name.rpartition(".")[2].lower() in endings else f"{name}.{endings[0]}"


def _inside_zip(data: bytes) -> str | None:
    """Office documents are zip files; only their list of names is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:5_000])
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None  # broken, or not what it says: not taken
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    for name, media_type in _OFFICE.items():
        if name in names:
            return media_type
    return _ODT if {"mimetype", "content.xml"} <= names else None


def _is_text(head: bytes) -> bool:
    """Without control characters, and not a script or a page that something would run."""
    if not head or any(byte < 32 and byte not in (9, 10, 12, 13) for byte in head):
        return False
    return head.lstrip()[:1] not in (b"<", b"#") and b"\x7f" not in head
