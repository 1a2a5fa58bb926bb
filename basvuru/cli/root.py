"""All commands, by topic. Each module adds its own; nothing heavy is imported before it runs."""

from typing import Annotated

import typer

from basvuru import __version__
from basvuru.cli import (
    applications,
    backup,
    channel,
    classifier,
    daemons,
    deadlines,
    demo,
    duplicates,
    gateway,
    importing,
    keys,
    lookups,
    normalize,
    quarantine,
    replay,
    reports,
    rules,
    staff,
    state,
    verify,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"basvuru {__version__}")
        raise typer.Exit


def build() -> typer.Typer:
    app = typer.Typer(
        name="basvuru",
        help="Takes in every customer application, and sees each one through to an answer.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for topic in (
        daemons,
        state,
        applications,
        deadlines,
        rules,
        classifier,
        lookups,
        quarantine,
        duplicates,
        channel,
        gateway,
        importing,
        keys,
        normalize,
        replay,
        verify,
        backup,
        staff,
        reports,
        demo,
    ):
        topic.add_to(app)

    @app.callback()
    def _root(
        _version: Annotated[
            bool,
            typer.Option(
                "--version", callback=_print_version, is_eager=True, help="Print the version."
            ),
        ] = False,
    ) -> None:
        """Every option belongs to a command; see `basvuru COMMAND --help`."""

    return app
