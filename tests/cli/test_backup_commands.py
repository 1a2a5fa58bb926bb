"""``backup``, ``restore`` and ``verify`` as an operator uses them."""

import json
import shutil

from peers.world import mail

from basvuru.backing_up import ABOUT

TEXT = "Hasar dosyam üç haftadır sonuçlanmadı.\nTel: 0555 000 12 34\n"


def test_the_command_says_that_the_keys_are_not_inside(cli, tmp_path):
    assert cli("pipe", stdin=mail(TEXT, key="1").body).exit_code == 0
    cli.work()
    done = cli("backup", str(tmp_path / "b"))
    assert done.exit_code == 0, done.output
    assert "keys" in done.stdout
    assert json.loads((tmp_path / "b" / ABOUT).read_text())["blobs"] == 1
    kept = {file.name for file in (tmp_path / "b").rglob("*")}
    assert not {"number_key", "index_key", "callback_key", "portal_key"} & kept
    assert cli("verify").exit_code == 0
    assert cli.json("verify")["problems"] == []
    shutil.rmtree(next((cli.data / "blobs").glob("??")))
    assert cli("verify").exit_code == 1

    target = str(tmp_path / "new")
    done = cli("restore", str(tmp_path / "b"), "--data", target)
    assert done.exit_code == 0, done.output
    assert "Maintenance mode is on" in done.stdout
    assert cli("verify", "--data", target).exit_code == 0
