"""Daemons: ``up``, ``poll``, ``work``, ``schedule``, ``serve``, and ``db upgrade``."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from basvuru.cli.common import Config, Data, application

if TYPE_CHECKING:
    from basvuru.bootstrap import Application


def add_to(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(poll)
    app.command()(work)
    app.command()(schedule)
    app.command()(serve)
    database = typer.Typer(help="The database's schema.", no_args_is_help=True)
    database.command("upgrade")(upgrade)
    database.command("accept-keys")(accept_keys)
    app.add_typer(database, name="db")


def up(config: Config = None, data: Data = None) -> None:
    """Run everything on this machine: broker where none is set, daemons, portal."""
    from basvuru import redis_child
    from basvuru.daemons import Stopping
    from basvuru.supervisor import Child, Supervisor, children
    from storage.schema import upgrade as upgrade_schema

    with application(config, data) as one:
        one.places.make()
        one.places.claim()
        for name in ("number_key", "index_key", "callback_key", "portal_key"):
            one.places.key(name)
        upgrade_schema(one.database)
        stopping = Stopping()
        broker: list[Child] = []
        if one.places.own_redis:
            broker = [Child("redis", lambda: redis_child.start(one.places), is_daemon=False)]
            broker[0].start()
        os.environ["BASVURU_DATA"] = str(one.places.data)
        if config:
            os.environ["BASVURU_CONFIG"] = str(config.absolute())
        typer.echo(_welcome(one.base_url, str(one.places.data)))
        if link := _first_link(one):
            typer.echo(f"Nobody has an account yet. Make the first administrator: {link}")
        Supervisor([*broker, *children(one.settings)]).run(stopping)


def _first_link(one: "Application") -> str | None:
    """A one-time link, while there are no accounts."""
    from config import clock
    from storage import invitations, staff

    with one.database.write() as connection:
        if not staff.is_empty(connection):
            return None
        return one.base_url + invitations.invite_first(connection, clock.now())


def _welcome(url: str, data: str) -> str:
    return (
        f"Başvuru is starting. Portal: {url}   Data: {data}\n"
        "Drop a mail into mail/new, a TIFF into fax, a scan into post; "
        "`basvuru applications` lists what became of them. Ctrl-C stops."
    )


def poll(
    names: Annotated[list[str] | None, typer.Argument(help="Accounts; all when none.")] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Read channel accounts."""
    from basvuru import daemons

    with application(config, data) as one:
        daemons.poll(one, names or [])


def work(
    pages: Annotated[bool, typer.Option("--pages", help="Only documents (OCR).")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Documents too.")] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Answer the doorbell: read, record, send. Without an option: all but documents."""
    from basvuru import daemons
    from workers.process import FAST, PAGES

    queues = PAGES if pages else (*FAST, *PAGES) if everything else FAST
    with application(config, data) as one:
        daemons.work(one, queues)


def schedule(config: Config = None, data: Data = None) -> None:
    """Sweep for rows that nobody answered for, fetch receipts, watch fuses."""
    from basvuru import daemons

    with application(config, data) as one:
        daemons.schedule(one)


def serve(config: Config = None, data: Data = None) -> None:
    """Serve the portal."""
    from basvuru import serving

    with application(config, data) as one:
        serving.serve(one)


def accept_keys(config: Config = None, data: Data = None) -> None:
    """Take the keys of these settings for the right ones, after one was changed on purpose."""
    from storage import installation

    with application(config, data) as one:
        with one.database.write() as connection:
            installation.forget_keys(connection, ["number_key", "index_key"])
        one.check_keys()
    typer.echo("The keys are accepted.")


def upgrade(config: Config = None, data: Data = None) -> None:
    """Bring the database to the schema of this version."""
    from storage.schema import upgrade as upgrade_schema

    with application(config, data) as one:
        one.places.make()
        upgrade_schema(one.database)
        typer.echo("The database has the schema of this version.")
