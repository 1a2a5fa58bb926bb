"""Accounts from the command line."""

import json

from typer.testing import CliRunner

from basvuru.bootstrap import Application
from basvuru.cli.root import build
from config.settings import load
from storage.schema import upgrade


def run(folder, *arguments):
    return CliRunner().invoke(build(), ["staff", *arguments, "--data", str(folder)])


def test_accounts_are_made_listed_disabled_and_reset(tmp_path) -> None:
    app = Application(load(data=tmp_path))
    app.places.make()
    upgrade(app.database)
    app.close()
    made = run(tmp_path, "add", "deneme", "--name", "Deneme Kişi", "--role", "handler")
    assert made.output.startswith("http://127.0.0.1:8600/staff/invitation/")
    assert "already" in str(
        run(tmp_path, "add", "deneme", "--name", "X", "--role", "handler").exception
    )
    assert run(tmp_path, "disable", "deneme").exit_code == 0
    [one] = json.loads(run(tmp_path, "list", "--json").output)
    assert (one["login"], one["state"], one["roles"]) == ("deneme", "disabled", ["handler"])
    assert run(tmp_path, "enable", "deneme").exit_code == 0
    again = run(tmp_path, "reset", "deneme").output
    assert "/staff/invitation/" in again
    assert again != made.output
    assert "invited" in run(tmp_path, "list").output
    assert "no account" in str(run(tmp_path, "reset", "nobody").exception)
