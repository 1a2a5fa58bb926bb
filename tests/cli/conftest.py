"""The command line, run in this process over a data folder of its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from basvuru.bootstrap import Application
from basvuru.cli.root import build
from config.settings import load


class Cli:
    def __init__(self, folder: Path) -> None:
        self.data = folder / "var"
        self.runner = CliRunner()

    def __call__(self, *arguments: str, stdin: bytes | None = None) -> Result:
        environment = {"BASVURU_DATA": str(self.data), "COLUMNS": "200"}
        return self.runner.invoke(build(), list(arguments), input=stdin, env=environment)

    def json(self, *arguments: str) -> Any:
        result = self(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def work(self) -> None:
        """Let the stages see to everything that is due."""
        app = Application(load(data=self.data))
        for _ in range(3):
            for stage in app.stages.values():
                stage.run(None)
        app.close()


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    made = Cli(tmp_path)
    assert made("db", "upgrade").exit_code == 0
    return made
