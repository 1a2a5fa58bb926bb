"""Which adapters there are, and how one is opened. Built-ins and plugins come by the same door."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pydantic import ValidationError

from cases.lookups.contract import CONTRACT_VERSION, Lookup, LookupDeclaration
from config.errors import ConfigurationError

GROUP = "basvuru.lookups"


def open_lookup(name: str, table: Mapping[str, Any]) -> tuple[Lookup, Any]:
    """The system that ``[lookups.NAME]`` describes, and its settings. Asks nothing.

    Raises ConfigurationError for an unknown kind or settings that do not fit it; values are never
    shown.
    """
    points = {point.name: point for point in entry_points(group=GROUP)}
    kind = str(table.get("kind", ""))
    if kind not in points:
        raise ConfigurationError(
            f"[lookups.{name}] kind: there is no {kind!r}.",
            remedy=f"Installed are: {', '.join(sorted(points))}.",
        )
    declaration = _load(points[kind])
    try:
        settings = declaration.settings.model_validate(dict(table))
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        lines = [
            f"[lookups.{name}{''.join(f'.{p}' for p in e['loc'])}] {e['msg']}" for e in problems
        ]
        raise ConfigurationError("\n".join(lines)) from None  # the original shows the values
    return declaration.open(settings), settings


def _load(point: EntryPoint) -> LookupDeclaration:
    try:
        loaded = point.load()
    except Exception as error:  # a plugin may fail to import in any way: it is named
        raise ConfigurationError(
            f"The lookup {point.name!r} cannot be loaded ({type(error).__name__}).",
            remedy=f"Reinstall or remove the package behind {point.value}.",
        ) from error
    if not isinstance(loaded, LookupDeclaration) or loaded.contract_version != CONTRACT_VERSION:
        raise ConfigurationError(
            f"The lookup {point.name!r} is no LookupDeclaration of version {CONTRACT_VERSION}.",
            remedy=f"Mend or remove the package behind {point.value}.",
        )
    return loaded
