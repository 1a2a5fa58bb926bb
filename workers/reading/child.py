"""The child: reads one document after the other from standard input until it ends.

python -m workers.reading.child SETTINGS    (JSON: engine, languages, limits)
"""

import json
import os
import resource
import sys
from importlib.metadata import entry_points
from typing import Any

from normalizers.ocr.registry import engine
from normalizers.reader import Options, Reader
from workers.reading import frames


def main() -> None:
    settings = json.loads(sys.argv[1])
    limit = settings["memory_bytes"]
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the frames
    serve(settings, answers)


def serve(settings: dict[str, Any], answers: Any) -> None:
    options = Options(
        ocr=engine(
            settings["engine"], settings["languages"], page_seconds=settings["page_seconds"]
        ),
        dpi=settings["dpi"],
        max_pages=settings["max_pages"],
        review_below=settings["review_below"],
    )
    readers: dict[str, Reader] = {}
    while True:
        try:
            item = frames.read_item(sys.stdin.buffer)
        except EOFError:
            return  # the worker stopped
        if item.kind not in readers:
            [point] = entry_points(group="basvuru.readers", name=item.kind)
            readers[item.kind] = point.load()
        frames.write_reading(answers, readers[item.kind].read(item, options))


if __name__ == "__main__":
    main()
