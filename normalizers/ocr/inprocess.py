"""Tesseract inside this process (tesserocr): models stay loaded, so a page costs a third less.

The library leaves the GIL while it reads, so other threads go on. What it cannot give is a wall
around a crash; that is the price, and why the child process of :mod:`normalizers.ocr.tesseract`
stays the choice where pages come from anybody.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from PIL.Image import Image

from normalizers.ocr.engine import OcrFailed, Word
from normalizers.ocr.languages import installed_languages, second_model, tessdata
from normalizers.ocr.tesseract import LINE, ORIENTATION_SURE, PAGE

LSTM = 1
OSD_ENGINE = 0
OSD_LAYOUT = 0


def available() -> bool:
    """Whether tesserocr is installed and there are models for it to load."""
    return find_spec("tesserocr") is not None and tessdata() is not None


class InProcess:
    """Through tesserocr: one loaded model for each thread and language."""

    name = "tesserocr"

    def __init__(self, languages: str = "tur", *, page_seconds: float = 120.0) -> None:
        self._languages = languages
        self._milliseconds = int(page_seconds * 1000)
        self._loaded = threading.local()
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # see normalizers.ocr.tesseract

    def words(self, image: Image, *, dpi: int) -> Sequence[Word]:
        return self._read(self._api(self._languages, LSTM), image, dpi, PAGE)

    def lines(self, images: Sequence[Image], *, dpi: int) -> Sequence[Sequence[Word]]:
        api = self._api(second_model(self._languages, installed_languages()), LSTM)
        return [self._read(api, image, dpi, LINE) for image in images]

    def _read(self, api: Any, image: Image, dpi: int, segmentation: int) -> Sequence[Word]:
        try:
            api.SetPageSegMode(segmentation)
            api.SetImage(image)
            api.SetSourceResolution(dpi)
            if not api.Recognize(self._milliseconds):
                raise OcrFailed("tesseract took too long")
            return list(_words(api))
        except RuntimeError:
            raise OcrFailed("tesseract could not read the image") from None
        finally:
            api.Clear()

    def orientation(self, image: Image) -> int:
        try:
            api = self._api("osd", OSD_ENGINE)
            api.SetPageSegMode(OSD_LAYOUT)
            api.SetImage(image)
            found = api.DetectOrientationScript()
        except (OcrFailed, RuntimeError):
            return 0  # without the model, or with too few letters, nobody can tell
        if not found or found["orient_conf"] < ORIENTATION_SURE:
            return 0
        return int(-found["orient_deg"]) % 360

    def _api(self, model: str, engine: int) -> Any:
        apis: dict[str, Any] = self._loaded.__dict__.setdefault("apis", {})
        if model not in apis:
            apis[model] = _load(model, engine)
        return apis[model]


def _load(model: str, engine: int) -> Any:
    folder = tessdata()
    if folder is None:
        raise OcrFailed("tesseract is not installed")
    try:
        import tesserocr  # noqa: PLC0415  an extra: most installations do without

        return tesserocr.PyTessBaseAPI(path=str(folder), lang=model, oem=engine)
    except ImportError:
        raise OcrFailed("tesserocr is not installed") from None
    except RuntimeError:
        raise OcrFailed(f"the model {model} cannot be loaded from {folder}") from None


def _words(api: Any) -> Iterator[Word]:
    import tesserocr  # noqa: PLC0415  loaded already: there is an api

    level = tesserocr.RIL.WORD
    block = line = 0
    for at in tesserocr.iterate_level(api.GetIterator() or (), level):
        block += at.IsAtBeginningOf(tesserocr.RIL.BLOCK)
        line += at.IsAtBeginningOf(tesserocr.RIL.TEXTLINE)
        try:
            text = at.GetUTF8Text(level).strip()
        except RuntimeError:
            continue  # the iterator stands on a picture: no word here
        if text:
            left, top, right, bottom = at.BoundingBox(level)
            size = (right - left, bottom - top)
            yield Word(text, left, top, *size, at.Confidence(level), block, line)
