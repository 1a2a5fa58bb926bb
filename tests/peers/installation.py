"""A whole installation as its users run it: every daemon a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from peers.server import stop

from basvuru.bootstrap import Application
from config.settings import load
from storage.schema import upgrade

PROGRAM = [sys.executable, "-m", "basvuru"]


class Installation:
    """Starts, kills and restarts daemons over one settings file."""

    def __init__(self, folder: Path, toml: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / "basvuru.toml"
        self.config.write_text(f'data = "{folder}/var"\n{toml}', encoding="utf-8")
        self.app = Application(load(self.config))
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, tuple[str, ...]] = {}
        self.log_starts: dict[str, int] = {}
        self.programs: dict[str, list[str]] = {}
        """Name -> how it is run instead of ``python -m basvuru``: elsewhere, wrapped, ..."""

    def __enter__(self) -> "Installation":
        self.app.places.make()
        upgrade(self.app.database)
        for key in ("number_key", "index_key", "callback_key", "portal_key"):
            self.app.places.key(key)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            stop(process)
        self.app.close()

    def start(self, name: str, *command: str) -> None:
        self.commands[name] = command
        self.restart(name)

    def restart(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.log_starts[name] = log.tell()
            self.running[name] = subprocess.Popen(
                [*self.programs.get(name, PROGRAM), *self.commands[name]],
                env=os.environ | {"BASVURU_CONFIG": str(self.config)},
                stdout=log,
                stderr=log,
            )

    def is_up(self, name: str) -> bool:
        """Whether the daemon said, since it was last started, that it works."""
        with (self.folder / f"{name}.log").open("rb") as log:
            log.seek(self.log_starts[name])
            return b".started" in log.read()

    def kill(self, name: str) -> None:
        """kill -9, and wait until it is gone."""
        self.running[name].kill()
        self.running[name].wait()

    def cli(self, *arguments: str, expect: int | None = 0) -> str:
        done = subprocess.run(
            [*PROGRAM, *arguments],
            env=os.environ | {"BASVURU_CONFIG": str(self.config)},
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert expect is None or done.returncode == expect, done.stderr.decode()
        return done.stdout.decode()

    def json(self, *arguments: str) -> Any:
        return json.loads(self.cli(*arguments, "--json"))

    def logs(self) -> Iterable[str]:
        for file in self.folder.glob("*.log"):
            yield from file.read_text(errors="replace").splitlines()
