"""``quarantine``: what could not be read, why, and what to do with it."""

import sys
from typing import Annotated, Any, NoReturn

import typer

from basvuru.cli.common import (
    AsJson,
    Config,
    Data,
    acting_user,
    existing,
    print_json,
    table,
)
from config import clock
from storage import quarantine
from storage.quarantine import PARTIAL, Quarantined

Ids = Annotated[list[int] | None, typer.Argument(help="Ids from `quarantine list`.")]
All = Annotated[bool, typer.Option("--all", help="Every open item.")]
Cause = Annotated[str | None, typer.Option(help="Only items with this cause.")]


def add_to(app: typer.Typer) -> None:
    topic = typer.Typer(
        help="Items that could not be read: kept, with a cause.", no_args_is_help=True
    )
    topic.command("list")(list_items)
    topic.command()(show)
    topic.command()(replay)
    topic.command()(discard)
    app.add_typer(topic, name="quarantine")


def list_items(
    cause: Cause = None,
    channel: Annotated[str | None, typer.Option(help="Only of this account.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Also replayed and discarded.")] = False,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """List items, newest first."""
    with existing(config, data) as one, one.database.read() as connection:
        found = quarantine.items(connection, cause=cause, channel=channel, closed=closed)
    if as_json:
        print_json([_as_dict(item) for item in found])
        return
    lines = [
        (i.id, i.at, i.channel, i.cause, i.detail, i.size, i.closed_how or "open") for i in found
    ]
    table(
        f"{len(found)} items",
        ("id", "set aside", "channel", "cause", "why", "bytes", "state"),
        lines,
    )


def show(
    item_id: Annotated[int, typer.Argument(help="Id from `quarantine list`.")],
    raw: Annotated[bool, typer.Option("--raw", help="Write the bytes to standard output.")] = False,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Show one item; with --raw its bytes, exactly as they came."""
    with existing(config, data) as one:
        with one.database.read() as connection:
            item = quarantine.item(connection, item_id)
        if item is None:
            _fail(f"There is no item {item_id}.")
        body = one.blobs.get(item.sha256)
    if raw:
        sys.stdout.buffer.write(body)
    elif as_json:
        print_json(_as_dict(item))
    else:
        for name, value in _as_dict(item).items():
            typer.echo(f"{name:12} {value}")
        typer.echo(f"\n{_head(body)}")


def replay(
    ids: Ids = None,
    every: All = False,
    cause: Cause = None,
    as_person: Annotated[
        bool, typer.Option("--as-person", help="A person wrote it, whatever it looks like.")
    ] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Put items back to the first stage; what was cut short at the source is fetched again."""
    with existing(config, data) as one:
        with one.database.write() as connection:
            chosen = _choose(connection, ids, every, cause)
            partial = [item for item in chosen if item.cause in PARTIAL]
            whole = [item for item in chosen if item.cause not in PARTIAL]
            quarantine.ask_again(connection, partial)
            queues = {item.raw_id: one.queue_of(item.kind) for item in whole}
            raw_ids = quarantine.replay(
                connection, whole, queues, by=acting_user(), now=clock.now(), as_person=as_person
            )
        bells: dict[str, list[int]] = {}
        for raw_id in raw_ids:
            bells.setdefault(queues[raw_id], []).append(raw_id)
        one.bell.ring(bells)
    typer.echo(f"{len(raw_ids)} go through the stages again.")
    if partial:
        typer.echo(f"{len(partial)} are fetched again, whole, at the channel's next read.")


def discard(
    ids: Ids = None,
    every: All = False,
    cause: Cause = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Close items: nothing is to be done. Their bytes stay."""
    with existing(config, data) as one, one.database.write() as connection:
        chosen = _choose(connection, ids, every, cause)
        closed = quarantine.discard(connection, chosen, by=acting_user(), now=clock.now())
    typer.echo(f"{len(closed)} closed.")


def _choose(
    connection: Any, ids: list[int] | None, every: bool, cause: str | None
) -> list[Quarantined]:
    if not ids and not every and not cause:
        raise typer.BadParameter("name ids, or --all, or --cause")
    items = quarantine.items(connection, cause=cause, limit=100_000)
    chosen = [item for item in items if not ids or item.id in ids]
    missing = set(ids or ()) - {item.id for item in chosen}
    if missing:
        _fail(f"No open item: {', '.join(map(str, sorted(missing)))}.")
    return chosen


def _as_dict(item: Quarantined) -> dict[str, Any]:
    return {name: getattr(item, name) for name in Quarantined.__slots__}


def _head(body: bytes) -> str:
    """The first lines as text, with nothing in it that could drive a terminal."""
    text = body[:2_000].decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c == "\n" else "·" for c in text.replace("\r\n", "\n"))


def _fail(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(1)
