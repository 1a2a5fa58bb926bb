"""TIFF, JPEG, PNG, WebP and HEIC files as documents."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from normalizers.pages.document import Layer, Unreadable, check_size
from normalizers.pages.scan import Grey, Scan, as_grey

FORMATS = ("TIFF", "JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")
"""What Pillow may try. Everything else it knows is no document, and more surface to attack."""
BEGINNINGS = (b"II*\0", b"MM\0*", b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8", b"BM")
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})

_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError)
"""What Pillow raises on broken files, depending on where they are broken."""


class ImageFile:
    """An image file with one page or, for TIFF, many."""

    def __init__(self, data: bytes, *, max_pages: int) -> None:
        self._image = _opened(data)
        self.pages, self.damage = self._count(max_pages)

    def sheet(self, index: int) -> "ImageSheet":
        try:
            self._image.seek(index)
            check_size(*self._image.size)
            self._image.load()
        except (*_DAMAGED, Image.DecompressionBombError):
            raise Unreadable("the image is damaged or cut short") from None
        return ImageSheet(self._image)

    def close(self) -> None:
        self._image.close()

    def _count(self, max_pages: int) -> tuple[int, str | None]:
        """Walk the chain of pages; an interrupted fax ends in a page without data.

        One page more than will be read is enough to know that there are more.
        """
        if self._image.format != "TIFF":
            return 1, None  # frames of an animation are no pages
        for index in range(1, max_pages + 1):
            try:
                self._image.seek(index)
            except EOFError:
                return index, None
            except _DAMAGED:
                return index, f"page {index + 1} and what follows is damaged or cut short"
        return max_pages + 1, None


class ImageSheet:
    """One page of an image file, decoded."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image

    def layer(self) -> Layer | None:
        return None

    def scan(self, dpi: int) -> Scan:  # noqa: ARG002  it has the pixels that it has
        image = ImageOps.exif_transpose(self._image)
        grey = _grey(image)
        return Scan(grey, _dpi(self._image), _is_bilevel(image, grey))

    def picture(self, longest: int) -> Image.Image:  # noqa: ARG002  it has the pixels it has
        image = ImageOps.exif_transpose(self._image)
        if image.mode.startswith(("I", "F")):
            return Image.fromarray(_deep(image))
        return _square(_on_paper(image).convert("RGB"), *_dpi(self._image))


def _opened(data: bytes) -> Image.Image:
    formats: tuple[str, ...] = FORMATS
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        _learn_heic()
        formats = ("HEIF",)
    try:
        image = Image.open(BytesIO(data), formats=formats)
    except UnidentifiedImageError:
        if data.startswith(BEGINNINGS) or formats != FORMATS:
            raise Unreadable("the image is damaged or cut short") from None
        raise Unreadable("not a document of a known type (TIFF, PDF, JPEG, PNG ...)") from None
    except (*_DAMAGED, Image.DecompressionBombError):
        raise Unreadable("the image is damaged, cut short or too large") from None
    check_size(*image.size)
    return image


def _learn_heic() -> None:
    """Teach Pillow the photographs of telephones, where the package for it is installed."""
    try:
        from pillow_heif import register_heif_opener  # noqa: PLC0415  an extra
    except ImportError:
        raise Unreadable("HEIC photograph: pillow-heif is not installed") from None
    register_heif_opener()


def _dpi(image: Image.Image) -> tuple[float, float]:
    across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    sane = all(30 <= value <= 2400 for value in (across, down))
    return (across, down) if sane and image.format != "MPO" else (0.0, 0.0)


def _grey(image: Image.Image) -> Grey:
    if image.mode.startswith(("I", "F")):
        return _deep(image)
    return np.array(_on_paper(image).convert("L"), np.uint8)


def _on_paper(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image.convert("RGBA"))


def _square(image: Image.Image, across: float, down: float) -> Image.Image:
    """A fax of normal resolution has half as many lines as it should: people see it whole."""
    if not across or abs(across - down) < across * 0.02:
        return image
    return image.resize((image.width, max(1, round(image.height * across / down))))


def _deep(image: Image.Image) -> Grey:
    """More than 8 bits a pixel: the darkest becomes 0, the lightest 255."""
    values = np.asarray(image, np.float32)
    low, high = float(values.min()), float(values.max())
    return as_grey((values - low) * (255 / max(high - low, 1)))


def _is_bilevel(image: Image.Image, grey: Grey) -> bool:
    if image.mode == "1":
        return True
    return bool(((grey == 0) | (grey == 255)).all() and (grey == 0).any())
