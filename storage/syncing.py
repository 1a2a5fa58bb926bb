"""Making files survive a power cut: one, a folder's names, or all that waits in a file system."""

import ctypes
import os
import platform
import re
import sys
from functools import cache
from pathlib import Path

_REPORTS_ERRORS = (5, 8)
"""The Linux from which on ``syncfs`` says when something could not be written: syncfs(2)."""


def sync_file(descriptor: int) -> None:
    """The bytes of a file, and what is needed to read them. Raises: OSError."""
    os.fdatasync(descriptor) if hasattr(os, "fdatasync") else os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """The names in a folder. Raises: OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def can_sync_all() -> bool:
    """Whether this machine has :func:`sync_all`."""
    version = tuple(map(int, re.findall(r"\d+", platform.release())[:2]))
    return sys.platform == "linux" and version >= _REPORTS_ERRORS and hasattr(_libc(), "syncfs")


def sync_all(folder: Path) -> None:
    """All that waits to be written in the file system of a folder. Raises: OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if _libc().syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
