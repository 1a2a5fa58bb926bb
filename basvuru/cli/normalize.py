"""``normalize``: read files as a channel would, without any database."""

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from basvuru.cli.common import Config, Data, settings

if TYPE_CHECKING:
    from basvuru.bootstrap import Application

LARGEST = 200_000_000
"""Bytes of a file that is read whole."""


def add_to(app: typer.Typer) -> None:
    app.command()(normalize)


def normalize(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files; folders are walked.")] = None,
    kind: Annotated[str, typer.Option("--kind", help="Reader: email, fax, post, text.")] = "email",
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="With --schema: as text.")] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Print one JSON object a line for each file. Never fails on a file: `error` says why."""
    from basvuru.bootstrap import Application
    from normalizers.published import published_page, published_schema

    if schema:
        page = json.dumps(published_schema(), indent=1, ensure_ascii=False)
        typer.echo(published_page() if markdown else page, nl=not markdown)
        return
    if not paths:
        raise typer.BadParameter("name at least one file or folder")
    missing = [str(path) for path in paths if not (path.is_file() or path.is_dir())]
    if missing:
        raise typer.BadParameter(f"no file or folder: {', '.join(missing)}")
    app = Application(settings(config, data, quiet=True))
    if kind not in app.readers:
        raise typer.BadParameter(f"no reader for {kind}; there are {', '.join(app.readers)}")
    threads = os.cpu_count() or 1 if app.readers[kind].queue == "pages" else 1
    try:
        with ThreadPoolExecutor(threads) as pool:
            for line in pool.map(partial(_read, app, kind), _walk(paths)):
                sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    finally:
        app.close()


def _walk(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file())
        else:
            yield path


def _read(app: "Application", kind: str, path: Path) -> dict[str, Any]:
    from ingest.contract import RawItem
    from normalizers.schema import Message
    from workers.reading.pool import ReadingFailed

    source = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        if path.stat().st_size > LARGEST:
            return Message(source=source, kind=kind, error="larger than 200 MB").flat()
        item = RawItem(source_key=source, kind=kind, body=path.read_bytes())
        return dict(app.read(item).message.flat())
    except ReadingFailed as error:
        return Message(source=source, kind=kind, error=error.detail).flat()
    except Exception as error:  # noqa: BLE001
        # One file must not end the run; the class is enough to find the defect, the text of an
        # unexpected error may hold content.
        reason = f"the reader failed: {type(error).__name__}"
        return Message(source=source, kind=kind, error=reason).flat()
