"""The child process behind :mod:`~ingest.channels.post.batches`: opens a stack, writes letters.

Called as ``python -m ingest.channels.post.splitter FOLDER FILE MODE``. Writes each letter to
``FOLDER/FIRST-LAST`` and ``FOLDER/result.json``: ``{"letters": [[1, 3], ...], "whole": bool}`` or
``{"problem": "..."}``. Pages are copied, not rendered: PDF objects as they are, TIFF pages
pixel by pixel.
"""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any, Protocol, cast

import pypdfium2
from PIL import Image

from ingest.channels.post.batches import MAX_PAGES, TIME_LIMIT, Mode, ranges
from ingest.channels.post.marks import SHORT_SIDE, PageKind, kind_of, prepared

_MEMORY = 2_000_000_000
_MAX_PIXELS = 120_000_000
"""One page: A3 at 600 dpi has 70 million."""


class StackFile(Protocol):
    def __len__(self) -> int: ...

    def look(self, page: int) -> Image.Image:
        """A page, from 0, as :func:`kind_of` wants it."""
        ...

    def extract(self, first: int, last: int) -> bytes:
        """Pages as a file of their own, from 0, both ends included."""
        ...


class PdfStack:
    def __init__(self, path: Path) -> None:
        self._document = pypdfium2.PdfDocument(path)

    def __len__(self) -> int:
        return len(self._document)

    def look(self, page: int) -> Image.Image:
        opened = self._document[page]
        short, long = sorted(opened.get_size())
        if long > 4 * short:  # a till roll, or a hostile page size: no separator, not blank
            return Image.new("L", (SHORT_SIDE, SHORT_SIDE), 0)
        image = opened.render(scale=SHORT_SIDE / short, grayscale=True).to_pil()
        return prepared(cast(Image.Image, image))

    def extract(self, first: int, last: int) -> bytes:
        letter = pypdfium2.PdfDocument.new()
        letter.import_pages(self._document, list(range(first, last + 1)))
        file = io.BytesIO()
        letter.save(file)
        return file.getvalue()


class TiffStack:
    def __init__(self, path: Path) -> None:
        self._image = Image.open(path, formats=["TIFF"])
        self._count: int = getattr(self._image, "n_frames", 1)

    def __len__(self) -> int:
        return self._count

    def look(self, page: int) -> Image.Image:
        self._image.seek(page)
        return prepared(self._image, self._image.info.get("dpi", (1, 1)))

    def extract(self, first: int, last: int) -> bytes:
        frames = []
        for page in range(first, last + 1):
            self._image.seek(page)
            frames.append(self._image.copy())
        options: dict[str, Any] = {"dpi": self._image.info.get("dpi", (300, 300))}
        bilevel = all(frame.mode == "1" for frame in frames)
        options["compression"] = "group4" if bilevel else "tiff_lzw"
        file = io.BytesIO()
        frames[0].save(file, "TIFF", save_all=True, append_images=frames[1:], **options)
        return file.getvalue()


def divide(folder: Path, name: str, mode: Mode) -> dict[str, Any]:
    """Write the letters; returns the result."""
    stack: StackFile = (PdfStack if name.endswith(".pdf") else TiffStack)(folder / name)
    if len(stack) > MAX_PAGES:
        return {"problem": f"it has {len(stack)} pages of {MAX_PAGES}"}
    kinds: list[PageKind] = [kind_of(stack.look(page)) for page in range(len(stack))]
    letters = ranges(kinds, mode)
    whole = letters == [(1, len(kinds))]
    for first, last in () if whole else letters:
        (folder / f"{first}-{last}").write_bytes(stack.extract(first - 1, last - 1))
    return {"letters": [] if whole else letters, "whole": whole}


def main(folder: str, name: str, mode: str) -> None:
    """Entry of the child. Whatever a library raises or does, the parent sees no good result."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(TIME_LIMIT), int(TIME_LIMIT)))
    Image.MAX_IMAGE_PIXELS = _MAX_PIXELS // 2  # Pillow refuses at twice this number
    result = divide(Path(folder), name, cast(Mode, mode))
    (Path(folder) / "result.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
