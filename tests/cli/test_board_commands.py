"""What an operator reads about accesses and gaps."""

from datetime import timedelta

from basvuru.bootstrap import Application
from config import clock
from config.settings import load
from ingest.contract import Credential, Gap
from storage import board


def test_status_and_check_say_account_cause_and_remedy(cli):
    app, now = Application(load(data=cli.data)), clock.now()
    gap = Gap("mentions", now - timedelta(days=2), now - timedelta(days=1), "X shows 800 mentions.")
    with app.database.write() as connection:
        token = Credential("token", "dead", "the token is dead", "Make a new Page token.")
        board.save(connection, "folder", [token], now)
        board.add_gaps(connection, "folder", [gap], now)
    app.close()
    found = cli.json("status")
    [line] = found["access"]
    assert line["sentence"] == "folder, token: the token is dead. Make a new Page token."
    [told] = found["gaps"]
    assert "X shows 800 mentions." in told["sentence"]
    shown = cli("status").stdout
    assert "! folder, token: the token is dead. Make a new Page token." in shown.replace("\n", " ")
    checked = cli("channel", "check", "folder")
    assert checked.exit_code == 1
    assert "Make a new Page token." in checked.stdout
    assert f"--close {told['id']}" in checked.stdout
    assert cli("channel", "gaps", "--close", str(told["id"])).exit_code == 0
    assert cli.json("channel", "gaps") == []
