"""``import`` and ``pipe``: mail that is brought to us instead of being fetched."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from basvuru.cli.common import Config, Data, application, existing

if TYPE_CHECKING:
    from ingest.contract import RawItem

EX_TEMPFAIL = 75
"""sysexits.h: the MTA keeps the mail and tries again."""

EX_UNAVAILABLE = 69
"""sysexits.h: the MTA tells the sender that it was not taken."""

BATCH_BYTES = 20_000_000
"""Bytes of one transaction of an import, if it holds more than one mail."""

LARGEST = 200_000_000
"""Bytes of one mail that is piped to us."""


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_path)
    app.command()(pipe)


def import_path(
    path: Annotated[Path, typer.Argument(exists=True, help="mbox, Maildir, or folder of .eml.")],
    name: Annotated[
        str, typer.Option("--as", help="Account that they are counted under.")
    ] = "import",
    config: Config = None,
    data: Data = None,
) -> None:
    """Bring in mails from files. Safe to repeat: what is there already is not taken twice."""
    from ingest.channels.email.files import walk
    from ingest.contract import Delivery
    from storage import channels

    with existing(config, data) as one, Progress(disable=not sys.stderr.isatty()) as progress:
        with one.database.write() as connection:
            channels.register(connection, name, "email")
        task = progress.add_task("importing", total=None)
        landed = already = 0
        for some in _batches(walk(path), 50):
            result = one.reception.land_once(name, Delivery(some))
            landed, already = landed + result.count, already + result.already_had
            progress.update(task, completed=landed + already)
    typer.echo(f"{landed} mails are recorded now, {already} were here already.")


def _batches(items: "Iterable[RawItem]", size: int) -> "Iterator[list[RawItem]]":
    """At most ``size`` at a time, and not much more than ``BATCH_BYTES``: they are in memory."""
    some: list[RawItem] = []
    for item in items:
        some.append(item)
        if len(some) == size or sum(len(one.body) for one in some) > BATCH_BYTES:
            yield some
            some = []
    if some:
        yield some


def pipe(
    name: Annotated[str, typer.Option("--as", help="Account to count it under.")] = "pipe",
    config: Config = None,
    data: Data = None,
) -> None:
    """Take one mail from standard input, for an MTA. Exit code 75 when it could not be stored."""
    from ingest.contract import Delivery, RawItem

    try:
        body = sys.stdin.buffer.read(LARGEST + 1)
        if not body:
            typer.echo("no mail on standard input", err=True)
            sys.exit(2)
        if len(body) > LARGEST:
            typer.echo(f"the mail is larger than {LARGEST} bytes", err=True)
            sys.exit(EX_UNAVAILABLE)
        item = RawItem(sha256(body).hexdigest(), "email", body, datetime.now(UTC))
        with application(config, data) as one:
            one.reception.land_once(name, Delivery([item]))
    except Exception as error:  # noqa: BLE001
        # Whatever kept us from storing it, the MTA still has it and tries again.
        typer.echo(f"not stored: {type(error).__name__}", err=True)
        sys.exit(EX_TEMPFAIL)
