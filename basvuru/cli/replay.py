"""``replay``: rebuild applications from raw items into a scratch database, and compare."""

import sys
from typing import Annotated

import typer
from rich.progress import Progress

from basvuru.cli.applications import parse_since
from basvuru.cli.common import AsJson, Config, Data, existing, print_json, table


def add_to(app: typer.Typer) -> None:
    app.command()(replay)


def replay(
    into: Annotated[str, typer.Option(help="URL of an empty scratch database.")],
    since: Annotated[
        str | None, typer.Option(help="Compare what landed since: a date, or 24h, 7d.")
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Rebuild from raw, tell nobody, and print what came out differently. Exit 1 if anything."""
    from basvuru import replaying
    from storage.engine import Database

    moment = parse_since(since) if since else None
    with existing(config, data) as one, Progress(disable=not sys.stderr.isatty()) as progress:
        scratch = Database(into)
        task = progress.add_task("rebuilding", total=None)
        done = replaying.replay(
            one, scratch, moment, lambda count: progress.update(task, completed=count)
        )
        found = list(replaying.differences(one, scratch, moment))
        scratch.close()
    rows = [(old.raw_id, old.channel, old.source_key, what) for old, _, what in found]
    columns = ("raw_id", "channel", "source_key", "difference")
    if as_json:
        lines = [dict(zip(columns, row, strict=True)) for row in rows]
        print_json({"rebuilt": done, "differences": lines})
    else:
        table(f"{done} rebuilt, {len(rows)} differences", columns, rows)
    if rows:
        raise typer.Exit(1)
