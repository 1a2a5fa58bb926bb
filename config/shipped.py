"""What is delivered with the product and edited by the customer afterwards: the TOML files beside
this module, and the holidays of Turkey. Loaded into the database once (:mod:`storage.shipped`)."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.metadata import version
from typing import Any, Literal

FIRST_YEAR = 2010
"""Applications older than this are not counted in working days."""
LAST_YEAR = 2100
"""The library knows no year after this one, and says nothing then."""
ESTIMATED = "tahmini"
"""How the library marks religious feasts that nobody announced yet."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """``half``: free from 13:00 on (law 2429: the eve of the national day and of both feasts)."""

    day: date
    kind: Literal["full", "half"]
    name: str


def load(name: str) -> dict[str, Any]:
    """The content of ``NAME.toml``: deadlines, departments, rules, taxonomy."""
    return tomllib.loads(resources.files("config").joinpath(f"{name}.toml").read_text("utf-8"))


def holiday_source() -> str:
    return f"holidays {version('holidays')}"


def holidays(year: int) -> Sequence[Holiday]:
    """The holidays of Turkey; empty for a year whose feasts are estimates or unknown.

    The two categories are asked apart, since the library joins both names where they fall on one
    day; the whole holiday wins then. The language is given, else it follows the locale.
    """
    from holidays import country_holidays  # noqa: PLC0415  a second of loading, needed once

    def of(category: str) -> dict[date, str]:
        return dict(
            country_holidays("TR", categories=(category,), language="tr", years=[year]).items()
        )

    full, half = of("public"), of("half_day")
    if not full or any(ESTIMATED in name for name in (*full.values(), *half.values())):
        return ()
    halves = [Holiday(day, "half", name) for day, name in half.items() if day not in full]
    wholes = [Holiday(day, "full", name) for day, name in full.items()]
    return sorted((*wholes, *halves), key=lambda one: one.day)
