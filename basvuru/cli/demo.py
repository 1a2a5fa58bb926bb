"""``demo``: made-up messages for every embedded channel."""

import os
import shutil
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from basvuru.cli.common import Config, Data, existing
from config.errors import ConfigurationError

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
"""In a checkout; an installed wheel has none, and wants ``--samples``."""


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    samples: Annotated[Path, typer.Option(help="Folder with mail, fax, post, folder.")] = SAMPLES,
    config: Config = None,
    data: Data = None,
) -> None:
    """Feed made-up messages into every channel that reads a folder of this machine."""
    if not samples.is_dir():
        raise ConfigurationError(f"There are no samples in {samples}.", remedy="Give --samples.")
    with existing(config, data) as one:
        fed = {name: _feed(samples, table) for name, table in one.places.channels.items()}
    for name, count in fed.items():
        typer.echo(f"{name}: {count} messages" if count else f"{name}: reads no folder here")
    typer.echo("Watch them with `basvuru applications`, `basvuru status`, or in the portal.")


def _feed(samples: Path, table: Any) -> int:
    kind = str(table["kind"])
    folder = table.get("maildir") or table.get("folder")
    source = samples / {"email": "mail"}.get(kind, kind)
    if folder is None or not source.is_dir():
        return 0
    files = sorted(file for file in source.iterdir() if file.is_file())
    if kind == "email":
        return sum(_deliver(Path(folder), file) for file in files)
    return sum(_drop(Path(folder), file) for file in files)


def _deliver(maildir: Path, file: Path) -> int:
    """As a mail server does: written in tmp, then moved to new under a name of its own."""
    name = f"{time.time_ns()}.{os.getpid()}.demo"
    shutil.copyfile(file, maildir / "tmp" / name)
    (maildir / "tmp" / name).rename(maildir / "new" / name)
    return 1


def _drop(folder: Path, file: Path) -> int:
    """Sidecars go first, so that a document never waits for its own; they are no messages."""
    target = folder / f"{file.stem}-{time.time_ns()}{file.suffix}"
    sidecar = file.with_suffix(".json")
    if file.suffix == ".json":
        return 0
    if sidecar.exists():
        shutil.copyfile(sidecar, target.with_suffix(".json"))
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(file, part)
    part.rename(target)
    return 1
