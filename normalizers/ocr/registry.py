"""OCR engines by name: ours, and those that plugins bring."""

from collections.abc import Callable
from importlib.metadata import entry_points

from normalizers.ocr.engine import OcrEngine, OcrFailed
from normalizers.ocr.failing import Failing
from normalizers.ocr.inprocess import InProcess, available
from normalizers.ocr.languages import installed_languages
from normalizers.ocr.null import Null
from normalizers.ocr.tesseract import Tesseract

__all__ = ["engine", "installed_languages"]

GROUP = "basvuru.ocr"
"""Entry points of plugins: a callable ``(languages: str) -> OcrEngine``."""


def engine(name: str, languages: str = "tur", *, page_seconds: float = 120.0) -> OcrEngine:
    """The engine called ``name``; ``auto``: in process where tesserocr is installed, since it
    loads each language once, else Tesseract's program.

    ``languages`` are Tesseract's, joined by ``+``. ``page_seconds`` bounds one page.
    Raises: OcrFailed when nobody knows the name.
    """
    if name == "auto":
        name = "tesserocr" if available() else "tesseract"
    makers: dict[str, Callable[[], OcrEngine]] = {
        "tesseract": lambda: Tesseract(languages, page_seconds=page_seconds),
        "tesserocr": lambda: InProcess(languages, page_seconds=page_seconds),
        "null": Null,
        "failing": lambda: Failing(languages),
    }
    if name in makers:
        return makers[name]()
    for found in entry_points(group=GROUP, name=name):
        made: OcrEngine = found.load()(languages)
        return made
    raise OcrFailed(f"no OCR engine is called {name}; there are {', '.join(sorted(makers))}")
