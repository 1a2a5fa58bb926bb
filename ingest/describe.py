"""What a channel's declaration says about itself: sample settings, and its page of the manual.

Everything is printed from the settings model beside the adapter, so that it cannot differ from
what is accepted. Table: https://toml.io/en/v1.0.0.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretBytes, SecretStr, TypeAdapter
from pydantic.fields import FieldInfo

from config.errors import ConfigurationError
from ingest.contract import Declaration

_TYPE_NAMES = {
    bool: "true or false",
    int: "whole number",
    float: "number",
    str: "text",
    Path: "path",
    SecretStr: "text",
    SecretBytes: "text",
}
_PLACEHOLDERS: dict[Any, Any] = {bool: False, int: 1, float: 1.0, Path: "/path/to/it"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the manual. ``table`` is the path below the account's own table, often empty.

    ``default`` is None where there is none or it is a secret. ``sample`` is what stands in a
    sample: an example, the default, or a placeholder; None where there is nothing to show.
    ``active``: the sample sets it, rather than show it commented out.
    """

    table: tuple[str, ...]
    name: str
    type: str
    description: str
    secret: bool
    required: bool
    active: bool
    default: Any
    sample: Any

    @property
    def path(self) -> str:
        return ".".join((*self.table, self.name))


def settings_of(
    model: type[BaseModel], table: tuple[str, ...] = (), *, optional: bool = False
) -> Iterator[Setting]:
    """Every setting, nested tables after the plain ones, as TOML wants it.

    ``optional``: the table need not be there, so that a sample shows it commented out.
    """
    example = _example_of(model)
    nested: list[tuple[tuple[str, ...], type[BaseModel], bool]] = []
    for name, info in model.model_fields.items():
        inner_is_optional = optional or not (info.is_required() or name in example)
        tables = _tables(info.annotation)
        nested += [((*table, name), inner, inner_is_optional) for inner in tables]
        if not tables:
            yield _setting(table, name, info, example, optional)
    for path, inner, inner_is_optional in nested:
        yield from settings_of(inner, path, optional=inner_is_optional)


def undescribed(model: type[BaseModel]) -> list[str]:
    """Paths of the settings that say nothing about themselves."""
    return [setting.path for setting in settings_of(model) if not setting.description.strip()]


def sample_toml(declaration: Declaration) -> str:
    """A table to copy: what must be set is active, the rest commented out with its default.

    A model whose settings depend on each other gives an example of the whole
    (``json_schema_extra={"examples": [{...}]}`` in its ``model_config``): what stands there is
    active too. Raises ConfigurationError when a setting has no description.
    """
    lines: list[str] = []
    for table, settings in groupby(_described(declaration), key=lambda setting: setting.table):
        group = list(settings)
        is_active = not table or any(setting.active for setting in group)
        header = ".".join(("channels", declaration.kind, *table))
        lines += ["", f"{'' if is_active else '# '}[{header}]"]
        for setting in group:
            lines += [f"# {line}" for line in setting.description.splitlines()]
            lines.append(_assignment(setting, declaration.kind))
    return "\n".join(lines).strip() + "\n"


def manual(declaration: Declaration) -> str:
    """The channel's page of the manual, in Markdown.

    Raises ConfigurationError when a setting has no description.
    """
    head = ["| setting | type | default | what it is |", "|---|---|---|---|"]
    rows = [_row(setting) for setting in _described(declaration)]
    parts = (
        f"# {declaration.kind}",
        declaration.summary.strip(),
        declaration.manual.strip(),
        "## Settings",
        "\n".join(head + rows),
        f"## Sample\n\n```toml\n{sample_toml(declaration)}```",
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def holds_secret(annotation: Any) -> bool:
    """Whether a field of this type hides its value: SecretStr or SecretBytes, also in a union."""
    if annotation in (SecretStr, SecretBytes):
        return True
    return any(holds_secret(part) for part in get_args(annotation))


def _described(declaration: Declaration) -> list[Setting]:
    silent = undescribed(declaration.settings)
    if silent:
        raise ConfigurationError(
            f"The channel {declaration.kind!r} has settings without a description: "
            f"{', '.join(silent)}.",
            remedy="Put a docstring under each of them.",
        )
    return list(settings_of(declaration.settings))


def _setting(
    table: tuple[str, ...], name: str, info: FieldInfo, example: Mapping[str, Any], optional: bool
) -> Setting:
    return Setting(
        table=table,
        name=name,
        type=_type_name(info.annotation),
        description=info.description or "",
        secret=holds_secret(info.annotation),
        required=info.is_required(),
        active=name in example or (info.is_required() and not optional),
        default=_default(info),
        sample=example.get(name, _sample(info)),
    )


def _example_of(model: type[BaseModel]) -> Mapping[str, Any]:
    extra = model.model_config.get("json_schema_extra")
    examples = extra.get("examples") if isinstance(extra, dict) else None
    first = examples[0] if isinstance(examples, list) and examples else {}
    return first if isinstance(first, dict) else {}


def _tables(annotation: Any) -> list[type[BaseModel]]:
    """The models that a field may hold: one, or the variants of a union."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (Union, UnionType):
        return [model for part in get_args(annotation) for model in _tables(part)]
    return []


def _type_name(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin in (Union, UnionType):
        return " or ".join(_type_name(part) for part in parts if part is not type(None))
    if origin in (tuple, list, set, frozenset):
        return f"list of {_type_name(parts[0])}"
    if origin is dict:
        return f"table of {_type_name(parts[1])}"
    if hasattr(annotation, "__metadata__"):  # Annotated[...] inside another type
        return _type_name(parts[0])
    return _TYPE_NAMES.get(annotation, getattr(annotation, "__name__", str(annotation)))


def _default(info: FieldInfo) -> Any:
    """The default as JSON has it. A secret has none that may be shown."""
    if info.is_required() or holds_secret(info.annotation):
        return None
    annotation: Any = info.annotation
    default = info.get_default(call_default_factory=True, validated_data={})
    return TypeAdapter(annotation).dump_python(default, mode="json")


def _sample(info: FieldInfo) -> Any:
    if info.examples:
        return info.examples[0]
    if info.is_required():
        return _placeholder(info.annotation)
    return "" if holds_secret(info.annotation) else _default(info)


def _placeholder(annotation: Any) -> Any:
    parts = get_args(annotation)
    if get_origin(annotation) is Literal:
        return parts[0]
    if get_origin(annotation) in (Union, UnionType):
        return _placeholder(parts[0])
    if get_origin(annotation) in (tuple, list):
        return [_placeholder(parts[0])]
    return _PLACEHOLDERS.get(annotation, "...")


def _assignment(setting: Setting, kind: str) -> str:
    if setting.path == "kind":
        return f"kind = {_toml(kind)}"
    if setting.sample is None:
        return f"# {setting.name} ="
    mark = "" if setting.active else "# "
    hint = f"  # or {setting.name}_file, the path of a file that holds it" if setting.secret else ""
    return f"{mark}{setting.name} = {_toml(setting.sample)}{hint}"


def _row(setting: Setting) -> str:
    default = "**required**" if setting.required else _shown(setting)
    kind_of = f"{setting.type}, secret" if setting.secret else setting.type
    cells = (f"`{setting.path}`", kind_of, default, " ".join(setting.description.split()))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _shown(setting: Setting) -> str:
    return "none" if setting.default in (None, "", [], {}) else f"`{_toml(setting.default)}`"


def _toml(value: Any) -> str:
    """A value in TOML. Strings: JSON's escapes are a subset of those of a basic string."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {_toml(inner)}" for key, inner in value.items())
        return "{" + ", ".join(pairs) + "}"
    return json.dumps(value, ensure_ascii=False)
