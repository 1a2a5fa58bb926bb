"""An engine that reads nothing: every scanned page goes to the reading desk."""

from collections.abc import Sequence

from PIL.Image import Image

from normalizers.ocr.engine import Layout, Word


class Null:
    """For installations without OCR. Text layers of PDFs are still read."""

    name = "null"

    def words(
        self,
        image: Image,  # noqa: ARG002  the signature is the interface's
        *,
        dpi: int,  # noqa: ARG002
        bilevel: bool = False,  # noqa: ARG002
        layout: Layout = "page",  # noqa: ARG002
    ) -> Sequence[Word]:
        return ()

    def orientation(self, image: Image) -> int:  # noqa: ARG002
        return 0
