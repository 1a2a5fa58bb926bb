"""``demo``: made-up messages for every channel, and networks on this machine."""

import os
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from basvuru.cli.common import Config, Data, existing
from config.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from basvuru.bootstrap import Application
    from ingest.contract import DemoSource

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
"""In a checkout; an installed wheel has none, and wants ``--samples``."""


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    samples: Annotated[Path, typer.Option(help="Folder with mail, fax, post, folder.")] = SAMPLES,
    start: Annotated[
        bool, typer.Option("--start", help="Start everything first, networks among it; stay.")
    ] = False,
    port: Annotated[int, typer.Option(help="With --start: port of the portal.")] = 8600,
    seconds: Annotated[
        float, typer.Option(help="With --start: leave after this time; 0 stays until Ctrl-C.")
    ] = 0,
    config: Config = None,
    data: Data = None,
) -> None:
    """Feed made-up messages into every channel that reads a folder of this machine."""
    if start:
        _start(samples, (data or Path("var/demo")).absolute(), port, seconds)
        return
    if not samples.is_dir():
        raise ConfigurationError(f"There are no samples in {samples}.", remedy="Give --samples.")
    with existing(config, data) as one:
        fed = {name: _feed(samples, table) for name, table in one.places.channels.items()}
    for name, count in fed.items():
        typer.echo(f"{name}: {count} messages" if count else f"{name}: reads no folder here")
    typer.echo("Watch them with `basvuru applications`, `basvuru status`, or in the portal.")


def _start(samples: Path, data: Path, port: int, seconds: float) -> None:
    """Everything on this machine, the networks too: what comes in and what goes out is shown."""
    from basvuru.bootstrap import Application
    from basvuru.demo import running, sources, usable_port, write_settings
    from config.settings import load

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whichever way it ends, all ends
    port = usable_port(port)
    with sources() as found:
        file = write_settings(data, port, found)
        posts = [(name, post) for name, one in found.items() for post in one.speak()]
        with running(file) as process:
            app = Application(load(file))
            for table in app.places.channels.values():
                _feed(samples, table)
            until = time.monotonic() + seconds if seconds else float("inf")
            shown = _Shown(found, posts, port)
            try:
                while process.poll() is None and time.monotonic() < until:
                    shown.look(app)
                    time.sleep(1.0)
            except KeyboardInterrupt:
                typer.echo("The demo stops.")
            app.close()


class _Shown:
    """Prints each application and each answer once."""

    def __init__(self, found: "Mapping[str, DemoSource]", posts: list[Any], port: int) -> None:
        self._found, self._posts, self._port = found, posts, port
        self._seen: set[str] = set()
        self._heard = dict.fromkeys(found, 0)

    def look(self, app: "Application") -> None:
        from basvuru.demo import post
        from storage import views
        from storage.engine import Failed, Unavailable

        self._posts = [p for p in self._posts if not post(self._port, *p)]
        try:
            with app.database.read() as connection:
                rows = views.applications(connection)
        except (*Unavailable, Failed):  # it has no schema yet: look again
            return
        for row in rows:
            if row["number"] not in self._seen:
                self._seen.add(row["number"])
                typer.echo(f"{row['account']} → application {row['number']}")
        for name, source in self._found.items():
            texts = source.heard()
            for text in texts[self._heard[name] :]:
                typer.echo(f"{name} ← {text}")
            self._heard[name] = len(texts)


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
