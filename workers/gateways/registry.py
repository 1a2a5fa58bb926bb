"""Which gateways there are, and how one is opened. Built-ins and plugins come by the same door."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pydantic import ValidationError

from config.errors import ConfigurationError
from workers.gateways.contract import (
    GATEWAY_CONTRACT_VERSION,
    Gateway,
    GatewayContext,
    GatewayDeclaration,
)

GROUP = "basvuru.gateways"


def declarations() -> Mapping[str, GatewayDeclaration]:
    """Every installed gateway by its kind. Raises ConfigurationError for a broken plugin."""
    return {point.name: _load(point) for point in sorted(entry_points(group=GROUP))}


def open_gateway(kind: str, options: Mapping[str, Any], context: GatewayContext) -> Gateway:
    """The gateway ``kind`` with ``[sms.options]``. Sends nothing.

    Raises: ConfigurationError for an unknown kind or options that do not fit it.
    """
    points = {point.name: point for point in entry_points(group=GROUP)}
    if kind not in points:
        raise ConfigurationError(
            f"There is no SMS gateway {kind!r}.",
            remedy=f"Set [sms] gateway to one of: {', '.join(sorted(points))}.",
        )
    declaration = _load(points[kind])
    try:
        settings = declaration.settings.model_validate(dict(options))
    except ValidationError as error:
        raise ConfigurationError(
            "\n".join(_problems(error)),
            remedy=f"See `basvuru gateway describe {kind}`.",
        ) from None  # the original shows the values, secrets among them
    gateway: Gateway = declaration.open(settings, context)
    return gateway


def _load(point: EntryPoint) -> GatewayDeclaration:
    try:
        loaded = point.load()
    except Exception as error:  # a plugin may fail to import in any way: it is named
        raise ConfigurationError(
            f"The SMS gateway {point.name!r} cannot be loaded ({type(error).__name__}).",
            remedy=f"Reinstall or remove the package behind {point.value}.",
        ) from error
    if not isinstance(loaded, GatewayDeclaration):
        raise ConfigurationError(
            f"The SMS gateway {point.name!r} is no GatewayDeclaration.",
            remedy=f"Mend or remove the package behind {point.value}.",
        )
    if loaded.contract_version != GATEWAY_CONTRACT_VERSION:
        said = loaded.contract_version
        written = "does not say for which contract version" if said is None else f"says {said}"
        raise ConfigurationError(
            f"The SMS gateway {point.name!r} {written} it is written; this is "
            f"{GATEWAY_CONTRACT_VERSION}.",
            remedy=f"Set contract_version in its declaration, or update {point.value}.",
        )
    return loaded


def _problems(error: ValidationError) -> list[str]:
    return [
        f"[sms.options{''.join(f'.{part}' for part in found['loc'])}] {found['msg']}"
        for found in error.errors(include_input=False, include_url=False)
    ]
