"""One fuzzer: python -m fuzz.child TARGET [libFuzzer's options and corpus folders]."""

import logging
import sys
import warnings
from importlib import import_module

INSTRUMENTED = (
    "normalizers", "fuzz", "ingest", "cases", "workers", "email", "html", "quopri",
    "inscriptis",
)  # fmt: skip
"""Packages, with all that is in them."""
UNTRACED = tuple(
    f"normalizers.pages.{room}"
    for room in (
        "layer", "page", "pdf", "raster", "scan", "strips", "unread", "prepare.blank",
        "prepare.borders", "prepare.pixels", "prepare.sheet", "prepare.skew", "prepare.specks",
        "prepare.streaks", "prepare.turn", "prepare.whiten",
    )
)  # fmt: skip
"""Modules that compare arrays: atheris 3.0 never frees the operands of a comparison that it traced,
and an array is a page."""


def main() -> None:
    atheris = import_module("atheris")
    name, *options = sys.argv[1:]
    warnings.simplefilter("ignore")  # libraries complain about broken input, as they should
    logging.disable(logging.CRITICAL)
    with atheris.instrument_imports(include=list(INSTRUMENTED), exclude=list(UNTRACED)):
        target = import_module("fuzz.targets").TARGETS[name]
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
