"""An engine that reads nothing: every scanned page goes to the reading desk."""

from collections.abc import Sequence

from PIL.Image import Image

from normalizers.ocr.engine import Word


class Null:
    """For installations without OCR. Text layers of PDFs are still read."""

    name = "null"

    def words(self, image: Image, *, dpi: int) -> Sequence[Word]:  # noqa: ARG002  the interface's
        return ()

    def lines(
        self,
        images: Sequence[Image],
        *,
        dpi: int,  # noqa: ARG002
    ) -> Sequence[Sequence[Word]]:
        return [()] * len(images)

    def orientation(self, image: Image) -> int:  # noqa: ARG002
        return 0
