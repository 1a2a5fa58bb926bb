"""The published form of the schema: the JSON Schema of one line of ``basvuru normalize``, and the
page of documentation that is printed from it (docs/schema.md)."""

from collections.abc import Iterator
from typing import Any

from normalizers.schema import SCHEMA_VERSION, FormFacts, MailFacts, Message, SocialFacts

_FOLDED = ("mail", "social", "form", "pages", "needs_review", "delivered_on")
"""Fields of Message that the published form has elsewhere, or only for some kinds."""


def published_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the flat form: the fields of e-mail, social networks and
    forms are at the top level."""
    schema = Message.model_json_schema(mode="serialization")
    mail = MailFacts.model_json_schema(mode="serialization")
    social = SocialFacts.model_json_schema(mode="serialization")
    form = FormFacts.model_json_schema(mode="serialization")
    properties = {k: v for k, v in schema["properties"].items() if k not in _FOLDED}
    documents = {k: schema["properties"][k] for k in ("pages", "needs_review", "delivered_on")}
    definitions = {
        k: v
        for k, v in schema["$defs"].items()
        if k not in ("MailFacts", "SocialFacts", "FormFacts")
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Message, version {SCHEMA_VERSION}",
        "type": "object",
        "properties": properties
        | mail["properties"]
        | form["properties"]
        | social["properties"]
        | documents,
        "required": list(properties),
        "$defs": definitions | mail.get("$defs", {}),
    }


def published_page() -> str:
    """The same as Markdown."""
    schema = published_schema()
    every = schema["required"]
    mail = list(MailFacts.model_fields)
    social = list(SocialFacts.model_fields)
    form = list(FormFacts.model_fields)
    pages = [name for name in _FOLDED if name not in ("mail", "social", "form")]
    sections = [
        ("Every kind", schema["properties"], every),
        ("E-mail adds", schema["properties"], mail),
        ("Social networks add", schema["properties"], social),
        ("Forms add", schema["properties"], form),
        ("Fax and post add", schema["properties"], pages),
        *((name, fields, list(fields)) for name, fields in _definitions(schema)),
    ]
    head = (
        "# The schema of a message\n\n"
        "Printed by `basvuru normalize --schema --markdown`; do not edit. "
        f"Version {SCHEMA_VERSION}: a field may be added within a version; a changed meaning, a "
        "removed or a renamed field raises it.\n"
    )
    return head + "".join(_section(title, fields, names) for title, fields, names in sections)


def _definitions(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is written as a list has its fields in that order."""
    for name, what in schema["$defs"].items():
        listed = {str(one["title"]).lower(): one for one in what.get("prefixItems", ())}
        yield name + (", a list" if listed else ""), what.get("properties", listed)


def _section(title: str, fields: dict[str, Any], names: list[str]) -> str:
    rows = "".join(f"| `{n}` | {_type(fields[n])} | {_text(fields[n])} |\n" for n in names)
    return f"\n## {title}\n\n| field | type | meaning |\n|---|---|---|\n{rows}"


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_type(one) for one in field["anyOf"])
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    return str(field.get("format") or field.get("type", "any"))


def _text(field: dict[str, Any]) -> str:
    text = " ".join(str(field.get("description", "")).split())
    return text.replace("``", "`").replace("|", "\\|")
