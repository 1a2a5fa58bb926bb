"""An engine that always fails, to rehearse what then happens to a page."""

from collections.abc import Sequence
from threading import Event
from typing import Never

from PIL.Image import Image

from normalizers.ocr.engine import OcrFailed, Word

REASONS = {
    "crash": "tesseract ended with status -11",
    "utf8": "tesseract wrote text that is not UTF-8",
    "timeout": "tesseract took too long",
}


class Failing:
    """``way`` is a key of :data:`REASONS`, or ``hang``, which never ends; anything else fails like
    a crash."""

    name = "failing"

    def __init__(self, way: str = "crash") -> None:
        self._reason = REASONS.get(way, REASONS["crash"])
        self._hangs = way == "hang"

    def words(self, image: Image, *, dpi: int) -> Sequence[Word]:
        self._fail(image, dpi)

    def lines(self, images: Sequence[Image], *, dpi: int) -> Sequence[Sequence[Word]]:
        self._fail(images, dpi)

    def orientation(self, image: Image) -> int:  # noqa: ARG002  the signature is the interface's
        return 0

    def _fail(self, *_: object) -> Never:
        if self._hangs:
            Event().wait()
        raise OcrFailed(self._reason)
