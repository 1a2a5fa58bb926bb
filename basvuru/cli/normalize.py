"""``normalize``: read files as a channel would, without any database."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from basvuru.cli.common import Config, Data, settings

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
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise typer.BadParameter(f"there is no {', '.join(missing)}")
    app = Application(settings(config, data, quiet=True))
    reader = app.readers.get(kind)
    if reader is None:
        raise typer.BadParameter(f"no reader for {kind}; there are {', '.join(app.readers)}")
    for path in _walk(paths):
        line = _read(reader, app.reading, kind, path)
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _walk(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file())
        else:
            yield path


def _read(reader: Any, options: Any, kind: str, path: Path) -> dict[str, Any]:
    from ingest.contract import RawItem
    from normalizers.schema import Message

    source = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        if path.stat().st_size > LARGEST:
            return Message(source=source, kind=kind, error="larger than 200 MB").flat()
        item = RawItem(source_key=source, kind=kind, body=path.read_bytes())
        return dict(reader.read(item, options).message.flat())
    except Exception as error:  # noqa: BLE001
        # One file must not end the run; the class is enough to find the defect, the text of an
        # unexpected error may hold content.
        reason = f"the reader failed: {type(error).__name__}"
        return Message(source=source, kind=kind, error=reason).flat()
