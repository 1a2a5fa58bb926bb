"""All commands, by topic. Each module adds its own; nothing heavy is imported before it runs."""

from typing import Annotated

import typer

from basvuru import __version__
from basvuru.cli import (
    applications,
    channel,
    daemons,
    demo,
    duplicates,
    gateway,
    importing,
    normalize,
    quarantine,
    state,
)


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
        quarantine,
        duplicates,
        channel,
        gateway,
        importing,
        normalize,
        demo,
    ):
        topic.add_to(app)

    @app.callback()
    def _root(
        version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    ) -> None:
        if version:
            typer.echo(f"basvuru {__version__}")
            raise typer.Exit

    return app
