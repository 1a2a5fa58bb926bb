"""``api-key``: keys of the company's own site and app."""

from typing import Annotated

import typer

from basvuru.cli.common import AsJson, Config, Data, acting_user, existing, print_json, table
from cases import api_keys
from config import clock
from config.errors import ConfigurationError
from storage import keys


def add_to(app: typer.Typer) -> None:
    topic = typer.Typer(
        help="Keys of the company's own site and app (docs/api.md).", no_args_is_help=True
    )
    topic.command()(add)
    topic.command("list")(list_keys)
    topic.command()(revoke)
    app.add_typer(topic, name="api-key")


def add(
    name: Annotated[str, typer.Argument(help="What the program is called, e.g. mobile-app.")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Make a key. It is printed once and kept nowhere: put it where the program reads it."""
    if not api_keys.is_name(name):
        raise ConfigurationError(
            f"{name!r} cannot be the name of a key.",
            remedy="Lower-case letters, digits and hyphens, beginning with a letter.",
        )
    key = api_keys.new_key()
    with existing(config, data) as one, one.database.write() as connection:
        made = keys.add(connection, name, api_keys.digest(key), by=acting_user(), now=clock.now())
    if not made:
        raise ConfigurationError(
            f"There is, or was, a key {name!r}.", remedy="Choose another name: names stay taken."
        )
    typer.echo(key)


def list_keys(as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """List keys: who made them, when they were last used. The keys themselves are not kept."""
    with existing(config, data) as one, one.database.read() as connection:
        found = keys.all_of(connection)
    columns = ("name", "created_at", "created_by", "used_at", "revoked_at")
    rows = [{name: getattr(key, name) for name in columns} for key in found]
    if as_json:
        print_json(rows)
        return
    table(f"{len(rows)} keys", columns, [tuple(row.values()) for row in rows])


def revoke(
    name: Annotated[str, typer.Argument(help="Name from `api-key list`.")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Take a key back: what asks with it is refused from now on."""
    with existing(config, data) as one, one.database.write() as connection:
        gone = keys.revoke(connection, name, clock.now())
    if not gone:
        raise ConfigurationError(f"There is no key {name!r} in use.", remedy="See api-key list.")
    typer.echo(f"The key {name} opens nothing any more.")
