"""``lookups``: company systems that are asked about applications."""

import sys
from typing import Annotated

import typer

from basvuru.cli.common import AsJson, Config, Data, existing, print_json, table
from config import clock

System = Annotated[str, typer.Argument(help="NAME of [lookups.NAME].")]


def add_to(app: typer.Typer) -> None:
    topic = typer.Typer(
        help="Company systems that are asked about applications.", no_args_is_help=True
    )
    topic.command("list")(waiting)
    topic.command()(check)
    topic.command()(retry)
    app.add_typer(topic, name="lookups")


def waiting(as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """List systems with questions that wait, since when, and what the last try said."""
    from storage import lookups

    with existing(config, data) as one, one.database.read() as connection:
        rows = lookups.waiting(connection)
    if as_json:
        print_json(rows)
        return
    names = ("system", "waiting", "since", "detail")
    table(f"{len(rows)} systems", names, [tuple(row[name] for name in names) for row in rows])


def check(name: System, config: Config = None, data: Data = None) -> None:
    """Ask a system whether it answers. Asks about nobody."""
    with existing(config, data) as one:
        if name not in one.settings.lookups:
            raise typer.BadParameter(f"there is no [lookups.{name}]")
        ok, detail = one.systems[name].lookup.check()
    typer.echo(f"{'ok ' if ok else 'BAD'} {name}: {detail}")
    if not ok:
        sys.exit(1)


def retry(name: System, config: Config = None, data: Data = None) -> None:
    """Ask now what was put off: the system works again."""
    from storage import lookups

    with existing(config, data) as one, one.database.write() as connection:
        count = lookups.hasten(connection, name, clock.now())
    typer.echo(f"{name}: {count} questions are asked again now.")
