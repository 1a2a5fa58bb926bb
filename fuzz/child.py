"""One fuzzer: python -m fuzz.child TARGET [libFuzzer's options and corpus folders]."""

import logging
import re
import sys
import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

INSTRUMENTED = (
    "normalizers", "fuzz", "ingest", "cases", "workers", "email", "html", "quopri",
    "inscriptis",
)  # fmt: skip
"""Packages, with all that is in them."""
HOUSE = Path(__file__).parents[1]
_ARRAYS = re.compile(r"^(?:import|from) (?:numpy|cv2)\b", re.M)


def untraced() -> Iterator[str]:
    """Modules that compare arrays: atheris 3.0 never frees the operands of a comparison that it
    traced, and an array is a page."""
    for file in (HOUSE / "normalizers").rglob("*.py"):
        if _ARRAYS.search(file.read_text("utf-8")):
            yield ".".join(file.relative_to(HOUSE).with_suffix("").parts)


def main() -> None:
    atheris = import_module("atheris")
    name, *options = sys.argv[1:]
    warnings.simplefilter("ignore")  # libraries complain about broken input, as they should
    logging.disable(logging.CRITICAL)
    with atheris.instrument_imports(include=list(INSTRUMENTED), exclude=list(untraced())):
        target = import_module("fuzz.targets").TARGETS[name]
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
