"""One page of a file as a picture that a browser can be given: drawn by us, bounded, in a child.

``python -m normalizers.pages.picture PAGE TURNED`` reads the file from standard input and writes
a PNG.
Whatever a hostile file does to the library that opens it, it does to a process that holds nothing.
"""

import os
import resource
import subprocess
import sys
from io import BytesIO

from PIL import Image

from normalizers.pages.document import Unreadable
from normalizers.pages.load import open_document

LONGEST = 1600
"""Pixels of the longer side: a page of A4 is read well."""
SECONDS = 15
MEMORY = 1_500_000_000
MOST_PAGES = 200


def png(data: bytes, page: int, turned: int = 0) -> bytes:
    """Page ``page`` (from 1) as PNG, turned clockwise by 0, 90, 180 or 270 degrees.

    Raises: Unreadable.
    """
    document = open_document(data, max_pages=MOST_PAGES)
    try:
        if not 1 <= page <= min(document.pages, MOST_PAGES):
            raise Unreadable("there is no such page")
        image = document.sheet(page - 1).picture(LONGEST)
    finally:
        document.close()
    image = image.rotate(-turned, expand=True)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    image.info = {}  # where and with what it was taken is nobody's business who looks at it
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def drawn(data: bytes, page: int, turned: int = 0) -> bytes:
    """The same in a child process with bounds on time and memory. Raises: Unreadable."""
    command = [sys.executable, "-m", "normalizers.pages.picture", str(page), str(turned)]
    try:
        done = subprocess.run(  # noqa: S603  ourselves
            command, input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("drawing the page took too long") from None
    if done.returncode or not done.stdout.startswith(b"\x89PNG"):
        raise Unreadable("the page cannot be drawn")
    return done.stdout


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get into the picture
    try:
        picture = png(sys.stdin.buffer.read(), *map(int, sys.argv[1:3]))
    except Unreadable:
        return 1
    with answer:
        answer.write(picture)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
