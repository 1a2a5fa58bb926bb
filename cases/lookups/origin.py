"""Where an application comes from, as far as a company system knows: province and intermediary.

These two are figures' dimensions, so they stand in the history; it names nobody, and therefore an
intermediary is taken over only where the system gives a code, never a name.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cases.lookups.contract import Record
from cases.provinces import code_of
from normalizers.text.turkish import fold

FACTS: Mapping[str, tuple[str, ...]] = {
    "province": ("province", "il", "il kodu", "sehir", "city"),
    "agent": ("agent", "acente", "acente kodu", "acente no", "araci", "araci kodu", "agent code"),
}
"""Dimension -> names of the facts that tell it, folded."""
_CODE = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9][A-Za-z0-9./-]{0,19}")


def origin(found: Iterable[Record]) -> dict[str, str]:
    """``province`` (two digits) and ``agent`` (a code), where the records that know it agree."""
    said: dict[str, set[str]] = {name: set() for name in FACTS}
    for record in found:
        facts = {_name(name): value for name, value in record.facts.items()}
        for dimension, names in FACTS.items():
            values = (_read(dimension, facts[name]) for name in names if name in facts)
            said[dimension] |= {value for value in values if value}
    return {name: values.pop() for name, values in said.items() if len(values) == 1}


def is_code(agent: str) -> bool:
    """Whether this may stand in the history as an intermediary: a code with a digit, no name."""
    return _CODE.fullmatch(agent) is not None


def _name(written: str) -> str:
    return " ".join(fold(written).replace("_", " ").split())


def _read(dimension: str, value: Any) -> str | None:
    text = str(value).strip()
    if dimension == "province":
        return code_of(text)
    return text if is_code(text) else None
