"""What a form holds, and what is wrong with it."""

from typing import Any


class Fields(dict[str, Any]):
    """Field -> value (or what is wrong with it). A field that nobody named is empty."""

    def __missing__(self, _name: str) -> str:
        return ""
