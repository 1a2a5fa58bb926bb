"""``channel``: which there are, how they are set up, whether they work."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from basvuru.cli.common import (
    AsJson,
    Config,
    Data,
    acting_user,
    application,
    existing,
    print_json,
    table,
)
from config import clock

Name = Annotated[str, typer.Argument(help="Account: NAME of [channels.NAME].")]


def add_to(app: typer.Typer) -> None:
    topic = typer.Typer(help="Channels and their accounts.", no_args_is_help=True)
    topic.command("list")(list_kinds)
    topic.command()(describe)
    topic.command()(check)
    topic.command("read-once")(read_once)
    topic.command()(new)
    topic.command()(gaps)
    topic.command()(start)
    topic.command()(stop)
    app.add_typer(topic, name="channel")


def list_kinds(as_json: AsJson = False) -> None:
    """List every installed channel."""
    from ingest.registry import declarations

    found = declarations()
    if as_json:
        print_json([{"kind": d.kind, "summary": d.summary} for d in found.values()])
        return
    table("Channels", ("kind", "summary"), [(d.kind, d.summary) for d in found.values()])


def describe(
    kind: Annotated[str, typer.Argument(help="Kind of channel: email, fax, post, ...")],
    toml: Annotated[bool, typer.Option("--toml", help="Only sample settings.")] = False,
) -> None:
    """Print the manual of a channel, or sample settings."""
    from ingest.registry import declaration, manual, sample_toml

    found = declaration(kind)
    typer.echo(sample_toml(found) if toml else manual(found), nl=False)


def check(name: Name, as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """Look at one account: settings, access, source. Reads nothing."""
    from basvuru.checks import channel_checks

    with application(config, data, quiet=True) as one:
        findings = list(channel_checks(one, name))
    if as_json:
        print_json([{n: getattr(f, n) for n in f.__slots__} for f in findings])
    for finding in () if as_json else findings:
        typer.echo(f"{'ok ' if finding.ok else 'BAD'} {finding.subject}: {finding.detail}")
        if finding.remedy and not finding.ok:
            typer.echo(f"    → {finding.remedy}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


def read_once(
    name: Name,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Store and acknowledge nothing.")
    ] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Read one account once, and print what it brought: a JSON object a line."""
    from storage import channels

    with existing(config, data) as one:
        tables = one.places.channels
        if name not in tables:
            raise typer.BadParameter(f"there is no account {name}; there are {', '.join(tables)}")
        with one.database.write() as connection:
            channels.register(connection, name, str(tables[name].get("kind")))
            checkpoint = channels.state(connection, name).checkpoint
        source = one.open_account(name)
        try:
            for delivery in source.read(checkpoint):
                for item in delivery.items:
                    line = {
                        "source_key": item.source_key,
                        "kind": item.kind,
                        "bytes": len(item.body),
                        "received_at": item.received_at and item.received_at.isoformat(),
                        "problem": item.problem,
                    }
                    typer.echo(json.dumps(line, ensure_ascii=False))
                if not dry_run:
                    one.reception.land_once(name, delivery)
                    delivery.acknowledge()
        finally:
            source.close()


def new(
    kind: Annotated[str, typer.Argument(help="Name of the new kind: parcel-desk, for example.")],
    into: Annotated[Path, typer.Option("--into", help="Folder to put the package in.")] = Path(),
    reader: Annotated[
        bool, typer.Option("--reader", help="With a reader of its own, not that of plain text.")
    ] = False,
) -> None:
    """Write a package for a channel of your own, with tests that pass."""
    from basvuru.scaffold import new_package

    folder = new_package(kind, into, reader=reader)
    typer.echo(f"{folder} is a whole package. Next:")
    typer.echo(f"    cd {folder} && pip install -e '.[dev]' && pytest")


def gaps(
    close: Annotated[
        int | None, typer.Option("--close", help="Its number, when somebody looked after it.")
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Times of which a source could no longer show what came, until somebody closes them."""
    from cases.board import gap_sentence
    from storage import board

    with existing(config, data) as one:
        if close is not None:
            with one.database.write() as connection:
                if not board.close_gap(connection, close, acting_user(), clock.now()):
                    raise typer.BadParameter(f"there is no open gap {close}")
        with one.database.read() as connection:
            found = board.gaps(connection)
    if as_json:
        print_json([{n: getattr(gap, n) for n in gap.__slots__} for gap in found])
    for gap in () if as_json else found:
        typer.echo(gap_sentence(gap))


def start(name: Name, config: Config = None, data: Data = None) -> None:
    """Read an account again that was stopped or parked."""
    from storage import channels

    with existing(config, data) as one, one.database.write() as connection:
        if not channels.unpark(connection, name):
            raise typer.BadParameter(f"no account {name} was ever read here")
    typer.echo(f"{name} is read again.")


def stop(name: Name, config: Config = None, data: Data = None) -> None:
    """Do not read an account until it is started again. What is there stays at the source."""
    from storage import channels

    with existing(config, data) as one, one.database.write() as connection:
        if not channels.stop(connection, name):
            raise typer.BadParameter(f"no account {name} was ever read here")
    typer.echo(f"{name} is not read any more.")
