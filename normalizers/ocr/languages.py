"""Which language models are installed, and which of them to read a page with."""

import os
import subprocess
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

SCRIPT_MODEL = "Latin"
"""Debian's ``tesseract-ocr-script-latn``: a third fewer errors than ``tur``, at 1.7 times the
time."""

_LISTING_SECONDS = 10.0


@lru_cache(maxsize=1)
def installed_languages() -> frozenset[str]:
    """Names of the installed models; empty when there is no tesseract."""
    return frozenset(line for line in _listing()[1:] if line)


@lru_cache(maxsize=1)
def tessdata() -> Path | None:
    """Folder of the models, as the installed tesseract names it; None without tesseract."""
    prefix = os.environ.get("TESSDATA_PREFIX")
    if prefix and Path(prefix).is_dir():
        return Path(prefix)
    head, quote, rest = "".join(_listing()[:1]).partition('"')
    return Path(rest.partition('"')[0]) if head and quote else None


def _listing() -> list[str]:
    """``List of available languages in "/usr/.../tessdata/" (4):``, then one model a line."""
    command = ["tesseract", "--list-langs"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_LISTING_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return []  # not installed, or not working: `basvuru check` says so
    return done.stdout.decode("utf-8", "replace").splitlines()


def second_model(languages: str, installed: Collection[str]) -> str:
    """The model for what reads badly with ``languages``.

    Turkish alone means "as well as Turkish can be read here": then the script model leads, and
    Turkish has a say. Anything else was chosen by the operator and is left as it is.
    """
    both = languages == "tur" and SCRIPT_MODEL in installed
    return f"{SCRIPT_MODEL}+{languages}" if both else languages
