"""``backup`` and ``restore``: database and blobs at one consistent point."""

from pathlib import Path
from typing import Annotated

import typer

from basvuru.cli.common import Config, Data, application, existing
from basvuru.cli.verify import print_report, progress_bar
from config import clock

KEYS = "The keys ([secrets]) are not in it: keep them elsewhere, without them it is of no use."


def add_to(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder; it will hold personal data.")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Copy database and blobs as they belong together, while everything goes on."""
    from basvuru.backing_up import back_up

    with existing(config, data) as one, progress_bar() as progress:
        try:
            about = back_up(one.database, one.blobs, folder, clock.now(), progress)
        except OSError as error:
            typer.echo(f"The backup was not finished: {error}", err=True)
            raise typer.Exit(1) from None
    typer.echo(f"The database and {about.blobs} blobs ({about.bytes} bytes) are in {folder}.")
    typer.echo(KEYS)


def restore(
    folder: Annotated[Path, typer.Argument(help="What `basvuru backup` made.")],
    skip_numbers: Annotated[
        int,
        typer.Option(
            min=0, help="Numbers to pass over: more than were given out since the backup."
        ),
    ] = 10_000,
    config: Config = None,
    data: Data = None,
) -> None:
    """Fill an empty database and a blob store from a backup, and verify them."""
    from basvuru.backing_up import restore as put_back

    with application(config, data, quiet=True) as one, progress_bar() as progress:
        one.places.make()
        now = clock.now()
        try:
            report = put_back(
                folder, one.database, one.blobs, now, skip_numbers=skip_numbers, progress=progress
            )
        except OSError as error:
            typer.echo(f"The restore was not finished: {error}", err=True)
            raise typer.Exit(1) from None
    print_report(report, as_json=False)
    typer.echo("Maintenance mode is on. Before you end it, read docs/operators.md, Restore.")
    if report.problems:
        raise typer.Exit(1)
