"""Alembic runs this file; the connection comes from :mod:`storage.schema`."""

from typing import Any, Literal

from alembic import context

from storage import types
from storage.tables import metadata


def _render(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our own column types by name in new migrations."""
    names = {types.Id: "types.Id", types.Json: "types.Json"}
    own = (
        "types.Utc()"
        if isinstance(item, types.Utc)
        else names.get(item)
        if kind == "type"
        else None
    )
    if own:
        autogen_context.imports.add("from storage import types")
    return own or False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transaction_per_migration=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
