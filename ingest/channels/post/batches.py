"""Dividing a scanned stack into letters.

The pages are opened in a child process (:mod:`~ingest.channels.post.splitter`) with limits on
memory, CPU and time: PDF libraries are written in C, they are not safe in threads, and a stack
that crashes one must not take the other channels with it.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ingest.channels.post.marks import PageKind

Mode = Literal["separator", "blank"]

MAX_PAGES = 500
"""Pages of one stack; a feeder holds 50 to 300."""

TIME_LIMIT = 300.0
"""Seconds for one stack; 500 pages at 300 dpi take about a minute."""

_LOOK = 0.1


class Unsplittable(Exception):
    """The stack cannot be divided; the text says why, for an operator."""


class Stopped(Exception):
    """We are to stop: the stack is divided after the restart."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Some pages of a stack, from 1, both ends included, as a file of their own."""

    first: int
    last: int
    body: bytes = field(repr=False)

    @property
    def pages(self) -> str:
        return f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Stack:
    """``whole``: there was nothing to divide, the file is one letter as it is."""

    letters: Sequence[Letter]
    whole: bool = False


def ranges(kinds: Sequence[PageKind], mode: Mode) -> list[tuple[int, int]]:
    """First and last page of each letter, from 1. Separators belong to none; a blank page right
    behind a separator is its back side. With ``blank`` blank pages belong to none either."""
    found: list[tuple[int, int]] = []
    first = 0
    for number, kind in enumerate(kinds, start=1):
        back = number > 1 and kind == "blank" and kinds[number - 2] == "separator"
        divides = kind == "separator" or back or (mode == "blank" and kind == "blank")
        if divides and first:
            found.append((first, number - 1))
        first = 0 if divides else first or number
    return [*found, (first, len(kinds))] if first else found


def split(body: bytes, suffix: str, mode: Mode, stopping: Callable[[], bool]) -> Stack:
    """The letters in a stack (PDF or TIFF). Raises: Unsplittable, Stopped."""
    with tempfile.TemporaryDirectory(prefix="basvuru-stack-") as name:
        folder = Path(name)
        (folder / f"stack{suffix}").write_bytes(body)
        _run([f"stack{suffix}", mode], folder, stopping)
        return _collect(folder)


def _run(arguments: list[str], folder: Path, stopping: Callable[[], bool]) -> None:
    command = [sys.executable, "-m", "ingest.channels.post.splitter", str(folder), *arguments]
    child = subprocess.Popen(  # noqa: S603  our own program, no shell
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + TIME_LIMIT
    try:
        while child.poll() is None:
            if stopping():
                raise Stopped
            if time.monotonic() > deadline:
                raise Unsplittable(f"it took longer than {TIME_LIMIT:.0f} s")
            time.sleep(_LOOK)
    finally:
        child.kill()
        child.wait()
    if child.returncode < 0:
        raise Unsplittable(f"the program that opens it was ended by signal {-child.returncode}")


def _collect(folder: Path) -> Stack:
    try:
        result = json.loads((folder / "result.json").read_text())
    except (OSError, ValueError):
        raise Unsplittable("it cannot be opened") from None
    if "problem" in result:
        raise Unsplittable(str(result["problem"]))
    letters = [
        Letter(first, last, (folder / f"{first}-{last}").read_bytes())
        for first, last in result["letters"]
    ]
    return Stack(letters, whole=bool(result["whole"]))
