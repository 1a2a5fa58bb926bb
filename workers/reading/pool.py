"""The parent's side: a child for each thread, with a time limit, replaced when it dies."""

import contextlib
import json
import subprocess
import sys
import threading

from config.errors import BasvuruError
from config.sections import Ocr
from ingest.contract import RawItem
from normalizers.schema import Reading
from workers.reading import frames


class ReadingFailed(BasvuruError):
    """The child did not read it: it took too long, needed too much memory, or crashed.

    The item is set aside with ``cause``; the next one gets a new child.
    """

    def __init__(self, cause: str, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail


class ReadingPool:
    """Reads documents in children. Each thread of the worker has one of its own."""

    def __init__(self, ocr: Ocr) -> None:
        self._seconds = ocr.document_seconds
        self._settings = json.dumps(
            {
                "engine": ocr.engine,
                "languages": ocr.languages,
                "page_seconds": ocr.page_seconds,
                "dpi": ocr.dpi,
                "max_pages": ocr.max_pages,
                "review_below": ocr.review_below,
                "memory_bytes": ocr.memory_mb * 1_000_000,
            }
        )
        self._mine = threading.local()
        self._all: list[subprocess.Popen[bytes]] = []

    def read(self, item: RawItem) -> Reading:
        """Raises: ReadingFailed."""
        child = self._child()
        late = threading.Event()
        timer = threading.Timer(self._seconds, _end, (child, late))
        timer.daemon = True
        timer.start()
        try:
            return self._ask(child, item, late)
        finally:
            timer.cancel()

    def _ask(
        self, child: "subprocess.Popen[bytes]", item: RawItem, late: threading.Event
    ) -> Reading:
        assert child.stdin and child.stdout
        try:
            frames.write_item(child.stdin, item)
            return frames.read_reading(child.stdout)
        except (EOFError, OSError, ValueError) as error:
            child.kill()
            child.wait()
            if late.is_set():
                detail = f"reading took more than {self._seconds:g} s"
                raise ReadingFailed("too-slow", detail) from None
            detail = f"the reading process ended ({child.returncode}, {type(error).__name__})"
            raise ReadingFailed("reader-crashed", detail) from None

    def _child(self) -> "subprocess.Popen[bytes]":
        child: subprocess.Popen[bytes] | None = getattr(self._mine, "child", None)
        if child is None or child.poll() is not None:
            child = subprocess.Popen(  # noqa: S603  ourselves
                [sys.executable, "-m", "workers.reading.child", self._settings],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            self._mine.child = child
            self._all.append(child)
        return child

    def close(self) -> None:
        """End the children; each is idle, or is killed in the middle of a document."""
        for child in self._all:
            with contextlib.suppress(OSError):
                child.kill()
            child.wait()


def _end(child: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    child.kill()
