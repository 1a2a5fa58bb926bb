"""``duplicates``: messages that joined an application, pairs that may be one, and undoing."""

from typing import Annotated

import typer

from basvuru.cli.common import AsJson, Config, Data, acting_user, existing, print_json, table
from cases import joining
from cases.number import shown
from cases.reasons import in_words
from config import clock
from storage import filings


def add_to(app: typer.Typer) -> None:
    topic = typer.Typer(help="One matter or two: look, join, part.", no_args_is_help=True)
    topic.command("list")(list_pairs)
    topic.command()(part)
    topic.command()(join)
    app.add_typer(topic, name="duplicates")


def list_pairs(as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """List near-duplicates that were attached, and suggestions that wait for a person."""
    with existing(config, data) as one, one.database.read() as connection:
        rows = filings.pairs(connection)
    if as_json:
        print_json(rows)
        return
    lines = [
        (
            row["state"],
            row["message"],
            shown(row["number"]),
            row["score"],
            in_words(row["reasons"], "en"),
            row["at"],
        )
        for row in rows
    ]
    table(f"{len(rows)} pairs", ("state", "message", "application", "score", "why", "at"), lines)


def part(
    message: Annotated[int, typer.Argument(help="Message id from `duplicates list`.")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Undo a joining: the message becomes an application of its own, numbered and acknowledged."""
    with existing(config, data) as one:
        with one.database.write() as connection:
            parted = joining.part(connection, message, one.house, by=acting_user(), now=clock.now())
        one.bell.ring(parted.to_send)
    typer.echo(f"Message {message} is now application {shown(parted.number)}.")


def join(
    message: Annotated[int, typer.Argument(help="Message id from `duplicates list`.")],
    number: Annotated[str, typer.Argument(help="Application number that it belongs to.")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Join a message to an application; what it opened before is marked as its duplicate."""
    with existing(config, data) as one, one.database.write() as connection:
        joining.join(connection, message, number, by=acting_user(), now=clock.now())
    typer.echo(f"Message {message} belongs to application {shown(joining.digits(number))}.")
