"""What the commands share: settings, an application that is closed in the end, output."""

import getpass
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from basvuru.house import check_rooms
from config import tracing
from config.clock import local
from config.errors import ConfigurationError
from config.logs import configure
from config.settings import Settings, load

if TYPE_CHECKING:
    from basvuru.bootstrap import Application

Config = Annotated[
    Path | None,
    typer.Option("--config", envvar="BASVURU_CONFIG", help="Settings file (TOML)."),
]
Data = Annotated[Path | None, typer.Option("--data", envvar="BASVURU_DATA", help="Data folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def settings(config: Path | None, data: Path | None, *, quiet: bool = False) -> Settings:
    """Load the settings and set up logging; ``quiet``: only what is wrong, for commands that
    print something for a person."""
    check_rooms()
    loaded = load(config, data=data)
    configure(loaded.logs.model_copy(update={"level": "warning"}) if quiet else loaded.logs)
    tracing.configure(loaded.tracing)
    return loaded


@contextmanager
def application(
    config: Path | None, data: Path | None, *, quiet: bool = False
) -> "Iterator[Application]":
    """An application over the settings, closed in the end."""
    from basvuru.bootstrap import Application

    app = Application(settings(config, data, quiet=quiet))
    try:
        yield app
    finally:
        app.close()


@contextmanager
def existing(config: Path | None, data: Path | None) -> "Iterator[Application]":
    """Like :func:`application`, for commands that look at a database that is there already."""
    with application(config, data, quiet=True) as app:
        url = app.places.database_url
        file = Path(url.removeprefix("sqlite:///"))
        if url.startswith("sqlite:///") and not file.exists():
            raise ConfigurationError(
                f"There is no database in {app.places.data}.",
                remedy="Run `basvuru up` or `basvuru db upgrade`, or check --data.",
            )
        yield app


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_plain, indent=1) + "\n")


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows for a person; numbers to the right, empty cells as a dash."""
    console = Console(width=None if sys.stdout.isatty() else int(os.environ.get("COLUMNS", "160")))
    drawn = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for index, name in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        drawn.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*map(_cell, row))
    console.print(drawn)
    if not rows:
        console.print("  nothing", style="dim")


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return f"{local(value):%d.%m.%Y %H:%M:%S}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def age(seconds: float | None) -> str:
    """As an operator reads it: 45 s, 12 min, 3.5 h, 2 d. A moment that is still to come by a clock
    that differs a little from ours is now."""
    if seconds is None:
        return "–"
    seconds = max(0.0, seconds)
    for limit, unit, divisor in ((90, "s", 1), (5400, "min", 60), (172_800, "h", 3600)):
        if seconds < limit:
            return f"{seconds / divisor:.3g} {unit}"
    return f"{seconds / 86_400:.3g} d"


def acting_user() -> str:
    """Who gave the command, for the history."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid {os.getuid()}"  # a container's user has no entry in passwd
    return f"{name} (command line)"
