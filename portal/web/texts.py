"""What pages say: ``portal/texts/LANGUAGE/AREA.toml``, named ``area.key`` in templates and code.

Both languages have the same keys and the same ``{blanks}`` (a test compares). Turkish comes first.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

Language = Literal["tr", "en"]
LANGUAGES: tuple[Language, ...] = ("tr", "en")


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language. ``t("shell.sign_out")``, with a blank ``t(KEY, count=3)``."""

    language: Language

    def __call__(self, key: str, /, **blanks: object) -> str:
        """The text. Raises KeyError for a key or a blank that is not there."""
        text = catalogue(self.language)[key]
        return text.format_map(blanks) if blanks else text

    def word(self, area: str, code: str) -> str:
        """What a code is called; a code without a word is shown as it is."""
        return catalogue(self.language).get(f"{area}.{code}", code)


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """``area.key`` -> text."""
    out: dict[str, str] = {}
    folder = resources.files("portal") / "texts" / language
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            area = file.name.removesuffix(".toml")
            out |= _flat(area, tomllib.loads(file.read_text(encoding="utf-8")))
    return out


def _flat(prefix: str, table: Mapping[str, Any]) -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}.{key}"
        out |= _flat(name, value) if isinstance(value, dict) else {name: str(value)}
    return out
