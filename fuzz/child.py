"""One fuzzer: python -m fuzz.child TARGET [libFuzzer's options and corpus folders]."""

import logging
import sys
import warnings
from importlib import import_module

INSTRUMENTED = ("normalizers", "workers.reading", "fuzz.targets", "email", "html", "quopri")


def main() -> None:
    atheris = import_module("atheris")
    name, *options = sys.argv[1:]
    warnings.simplefilter("ignore")  # libraries complain about broken input, as they should
    logging.disable(logging.CRITICAL)
    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        target = import_module("fuzz.targets").TARGETS[name]
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
