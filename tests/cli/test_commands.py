import json
from dataclasses import replace
from pathlib import Path

import pytest
from peers.world import mail

SAMPLES = Path(__file__).parents[2] / "samples"
TEXT = (
    "Hasar dosyam üç haftadır sonuçlanmadı, bilgi verilmesini rica ederim.\nCep: 0555 000 12 34\n"
)


def piped(cli, **values):
    result = cli("pipe", stdin=mail(TEXT, **({"key": "1"} | values)).body)
    assert result.exit_code == 0, result.output
    cli.work()


def test_a_piped_mail_comes_out_with_a_number(cli):
    piped(cli)
    [one] = cli.json("applications")
    assert len(one["number"]) == 10
    assert one["acknowledgement"]["state"] == "accepted"
    shown = cli("applications").stdout
    assert one["number"][2:6] in shown
    assert "1 applications" in shown


def test_every_published_key_of_an_application_is_there(cli):
    piped(cli)
    [one] = cli.json("applications", "--since", "1h")
    assert set(one) >= {
        "number",
        "id",
        "type",
        "status",
        "channel",
        "received_at",
        "recorded_at",
        "source_ids",
        "message_count",
        "attachment_count",
        "applicant",
        "duplicate_of",
        "acknowledgement",
        "department",
        "legal_due_at",
        "sla_due_at",
    }
    assert set(one["acknowledgement"]) >= {"state", "channel", "at"}


def test_the_pipe_says_75_when_it_could_not_store(cli):
    (cli.data / "blobs").rename(cli.data / "not-mounted")
    result = cli("pipe", stdin=mail(TEXT, key="1").body)
    assert result.exit_code == 75
    assert "0555" not in result.output


def test_import_takes_a_folder_once(cli):
    first = cli("import", str(SAMPLES / "mail"))
    assert "25 mails are recorded now" in first.stdout
    again = cli("import", str(SAMPLES / "mail"))
    assert "0 mails are recorded now, 25 were here already" in again.stdout


def test_status_is_one_json_object_and_a_page_for_people(cli):
    piped(cli)
    found = cli.json("status")
    assert set(found) >= {"channels", "stages", "outbox", "ledger", "processes", "quarantine"}
    [day] = found["ledger"]
    assert day["balances"]
    for title in ("Channels", "Waiting", "Outbox", "Ledger", "Processes"):
        assert title in cli("status").stdout


def test_a_quarantined_mail_can_be_looked_at_replayed_and_discarded(cli):
    piped(cli, headers={"Auto-Submitted": "auto-replied"})
    [item] = cli.json("quarantine", "list")
    assert item["cause"] == "machine-mail"
    assert "Auto-Submitted" in cli("quarantine", "show", str(item["id"])).stdout
    assert cli("quarantine", "replay", str(item["id"]), "--as-person").exit_code == 0
    cli.work()
    assert len(cli.json("applications")) == 1
    assert cli.json("quarantine", "list") == []
    assert [i["closed_how"] for i in cli.json("quarantine", "list", "--closed")] == ["replayed"]


def test_a_duty_is_met_by_a_person_and_only_once(cli):
    silent = b"From: \r\nSubject: yok\r\n\r\nNumaram ve adresim yok.\r\n"
    assert cli("pipe", stdin=silent).exit_code == 0
    cli.work()
    [duty] = cli.json("duties", "list")
    assert cli("duties", "met", duty["number"], "--how", "letter").exit_code == 0
    assert cli.json("duties", "list") == []
    assert cli("duties", "met", duty["number"], "--how", "letter").exit_code == 2


def test_a_rebuild_of_an_unchanged_version_gives_no_difference(cli, tmp_path):
    assert cli("import", str(SAMPLES / "mail")).exit_code == 0
    cli.work()
    result = cli("replay", "--into", f"sqlite:///{tmp_path}/scratch.db", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {"rebuilt": 25, "differences": []}


def test_a_rebuild_shows_what_a_changed_reader_makes_of_it(cli, tmp_path, monkeypatch):
    assert cli("import", str(SAMPLES / "mail")).exit_code == 0
    cli.work()
    from workers.stages.normalise import Normalise

    real = Normalise._read

    def shortened(self, raw):
        read = real(self, raw)
        if raw.id != 1:
            return read
        return replace(read, message=read.message.model_copy(update={"text": "x"}))

    monkeypatch.setattr(Normalise, "_read", shortened)
    result = cli("replay", "--into", f"sqlite:///{tmp_path}/scratch.db", "--json")
    assert result.exit_code == 1
    [difference] = json.loads(result.stdout)["differences"]
    assert (difference["raw_id"], difference["difference"]) == (1, "read differently")


def test_normalize_reads_a_folder_without_a_database_and_never_fails(cli, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.eml").write_bytes(mail(TEXT, key="1").body)
    (tmp_path / "in/b.eml").write_bytes(b"")
    result = cli("normalize", "--kind", "email", str(tmp_path / "in"))
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["identifiers"]["phone"][0]["value"] == "+905550001234"
    assert set(second) >= {"source", "kind", "text", "error", "warnings", "attachments"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("quarantine", "replay"),
        ("quarantine", "replay", "x"),
        ("applications", "--since", "gestern"),
        ("normalize", "/nowhere/at/all"),
        ("normalize", "--kind", "telex", "."),
        ("channel", "start", "unknown"),
        ("gateway", "describe", "unknown"),
        ("duties", "met", "26-0000-0000", "--how", "phone"),
    ],
)
def test_wrong_usage_is_exit_code_2(cli, arguments):
    result = cli(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_channels_and_gateways_are_listed_and_described(cli):
    assert {c["kind"] for c in cli.json("channel", "list")} >= {"email", "fax", "post", "folder"}
    assert {g["kind"] for g in cli.json("gateway", "list")} >= {"console", "kannel", "smpp"}
    for kind in ("email", "fax", "post", "folder"):
        assert "[channels." in cli("channel", "describe", kind, "--toml").stdout
    assert "url" in cli("gateway", "describe", "kannel").stdout


def test_check_says_what_is_wrong_and_what_to_do(cli):
    result = cli("check")
    assert result.exit_code == 1
    assert "BAD broker" in result.stdout
    assert "basvuru up" in result.stdout
    assert "ok  database" in result.stdout


def test_the_schema_is_printed(cli):
    schema = json.loads(cli("normalize", "--schema").stdout)
    assert "identifiers" in schema["properties"]


def test_the_version_is_printed():
    from typer.testing import CliRunner

    from basvuru.cli.root import build

    result = CliRunner().invoke(build(), ["--version"])
    assert (result.exit_code, result.stdout.split()[0]) == (0, "basvuru")
