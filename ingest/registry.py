"""Which channels there are, and how one is opened.

Built-in channels and those of other packages come through the same door, the entry points of the
group ``basvuru.channels``. A plugin that cannot be loaded is named; it stops only those who ask
for it (:func:`declaration`) or for all of them (:func:`declarations`).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config import turkish
from config.errors import ConfigurationError
from ingest.contract import CONTRACT_VERSION, Channel, ChannelSettings, Context, Declaration
from ingest.describe import manual, sample_toml, settings_of

__all__ = [
    "GROUP",
    "declaration",
    "declarations",
    "in_turkish",
    "manual",
    "open_channel",
    "sample_toml",
    "validated",
]

GROUP = "basvuru.channels"


def declarations() -> Mapping[str, Declaration]:
    """Every installed channel, by kind. Raises ConfigurationError for one that does not fit."""
    return {kind: _load(kind, points) for kind, points in sorted(_points().items())}


def declaration(kind: str) -> Declaration:
    """One channel, without loading the others. Raises ConfigurationError."""
    points = _points()
    if kind not in points:
        raise ConfigurationError(
            f"There is no channel of kind {kind!r}.",
            remedy=f"Installed are: {', '.join(sorted(points)) or 'none'}.",
        )
    return _load(kind, points[kind])


@cache
def in_turkish() -> turkish.Sentences:
    """What the house and every installed channel say to operators; the house's words win."""
    said: dict[str, str] = {}
    for kind, points in sorted(_points().items()):
        try:
            said |= _load(kind, points).turkish
        except ConfigurationError:
            continue  # named to whoever asks for it; its accounts do not run, and say nothing
    return turkish.Sentences(said | turkish.ours())


def open_channel(name: str, table: Mapping[str, Any], context: Context) -> Channel:
    """The channel that ``[channels.NAME]`` describes.

    ``table`` is that table as the settings loader gives it (``NAME_file`` already replaced).
    Raises ConfigurationError with every problem, one a line; values are never shown.
    """
    kind = table.get("kind")
    if not isinstance(kind, str):
        raise ConfigurationError(
            f"[channels.{name}] kind: is missing.",
            remedy=f"Installed are: {', '.join(sorted(_points())) or 'none'}.",
        )
    found = declaration(kind)
    return found.open(validated(name, table, found), context)


def validated(name: str, table: Mapping[str, Any], found: Declaration) -> ChannelSettings:
    """The settings of one account. Raises ConfigurationError as :func:`open_channel` does."""
    try:
        return found.settings.model_validate(dict(table))
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        lines = [_problem(name, detail, found.settings, table) for detail in details]
        # `from None`: the library's own text shows the values, and a traceback may reach a log
        raise ConfigurationError(
            "\n".join(lines), remedy=f"See: basvuru channel describe {found.kind}"
        ) from None


def _points() -> dict[str, list[EntryPoint]]:
    """Kind -> the entry points of that name, without repeats; one, unless two packages bring it."""
    points: dict[str, dict[str, EntryPoint]] = {}
    for point in entry_points(group=GROUP):
        points.setdefault(point.name, {})[point.value] = point
    return {kind: list(found.values()) for kind, found in points.items()}


def _load(kind: str, points: Sequence[EntryPoint]) -> Declaration:
    if len(points) > 1:
        raise ConfigurationError(
            f"Two packages bring a channel of kind {kind!r}: "
            f"{' and '.join(point.value for point in points)}.",
            remedy="Uninstall one of them.",
        )
    [point] = points
    try:
        found = point.load()
    except (ImportError, AttributeError) as error:
        # Someone else's package: the operator needs to know which one, whatever broke inside it.
        raise ConfigurationError(
            f"The channel {point.name!r} ({point.value}) cannot be loaded: {error}.",
            remedy="Repair or uninstall its package.",
        ) from error
    misfit = _misfit(point, found)
    if misfit:
        raise ConfigurationError(
            f"The channel {point.name!r} ({point.value}) {misfit}.",
            remedy="Tell its author; the interface is described in ingest/contract.py.",
        )
    assert isinstance(found, Declaration)
    return found


def _misfit(point: EntryPoint, found: object) -> str:
    """What keeps ``found`` from being the declaration of ``point``; empty when it fits."""
    if not isinstance(found, Declaration):
        return f"is of type {type(found).__name__}, not a Declaration"
    if found.contract_version is None:
        return (
            "does not say which contract version it is written for "
            f"(`contract_version={CONTRACT_VERSION}` in its Declaration)"
        )
    if found.contract_version != CONTRACT_VERSION:
        return (
            f"is written for contract version {found.contract_version}, this is {CONTRACT_VERSION}"
        )
    if found.kind != point.name:
        return f"declares the kind {found.kind!r} under another name"
    if not (isinstance(found.settings, type) and issubclass(found.settings, ChannelSettings)):
        return "has settings that are not a subclass of ChannelSettings"
    return "" if callable(found.open) else "cannot be opened: `open` is not callable"


def _problem(
    name: str, detail: ErrorDetails, settings: type[ChannelSettings], table: Mapping[str, Any]
) -> str:
    field = ".".join(map(str, detail["loc"])) or "(the table as a whole)"
    text = detail["msg"].removeprefix("Value error, ")
    for secret in _secret_values(settings, table):
        text = text.replace(secret, "***")  # an author's validator may quote what it refuses
    return f"[channels.{name}] {field}: {text}"


def _secret_values(model: type[BaseModel], table: Mapping[str, Any]) -> Iterator[str]:
    for setting in settings_of(model):
        if setting.secret:
            yield from _strings_at(table, (*setting.table, setting.name))


def _strings_at(table: Any, path: tuple[str, ...]) -> Iterator[str]:
    for key in path:
        table = table.get(key) if isinstance(table, Mapping) else None
    if table:
        yield str(table)
