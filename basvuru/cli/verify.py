"""``verify``: is everything still as it was written?"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import typer
from rich.progress import Progress as Bar

from basvuru.cli.common import AsJson, Config, Data, existing, print_json, table
from basvuru.verifying import Progress, Report
from config import clock


def add_to(app: typer.Typer) -> None:
    app.command()(verify)


def verify(as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """Walk hashes of blobs and history, the ledger, and what hangs together. Exit 1 if anything
    is wrong."""
    from basvuru.verifying import verify as walk

    with existing(config, data) as one, progress_bar() as progress:
        try:
            report = walk(one.database, one.blobs, clock.now(), progress)
        except OSError as error:
            typer.echo(f"The blob store does not answer: {error}", err=True)
            raise typer.Exit(1) from None
    print_report(report, as_json)
    if report.problems:
        raise typer.Exit(1)


def print_report(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(asdict(report))
        return
    typer.echo(
        f"{report.blobs} blobs, {report.events} events and {report.days} days of the ledger "
        f"looked at: {len(report.problems)} problems. "
        f"{report.orphans} blobs that no row needs ({report.orphan_bytes} bytes)."
    )
    if report.problems:
        table("Problems", ("kind", "what"), [(one.kind, one.what) for one in report.problems])


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar for each thing that is looked at; none where nobody looks on."""
    with Bar(disable=not sys.stderr.isatty()) as bar:
        tasks: dict[str, int] = {}

        def move(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = int(bar.add_task(what, total=total))
            bar.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]

        yield move
