import json
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from basvuru.testkit import LookupContract, LookupWorld
from cases.lookups.contract import Misconfigured, Question
from cases.lookups.registry import open_lookup
from config.errors import ConfigurationError

KNOWN = Question("policy", "policy", "1234567890")
UNKNOWN = Question("policy", "policy", "9999999999")
ROWS = "POLICE_NO;PLAKA;AD;BRANS\n1234567890;34 ABC 123;Deneme Şirketi;Kasko\n1;;X;Y\n"


class CsvWorld(LookupWorld):
    known, unknown = KNOWN, UNKNOWN

    def open(self):
        self.file = self.folder / "policies.csv"
        self.come_back()
        columns = {"policy": "POLICE_NO", "plate": "PLAKA"}
        table = {"kind": "csv", "file": self.file, "columns": columns, "reference": "POLICE_NO"}
        return open_lookup("core", table)

    def go_away(self):
        self.file.unlink()

    def come_back(self):
        self.file.write_text(ROWS, encoding="cp1254")


class SqlWorld(LookupWorld):
    known, unknown = KNOWN, UNKNOWN

    def open(self):
        self.file = self.folder / "core.db"
        self.come_back()
        query = "SELECT no, plate, name FROM policy WHERE no = :value"
        table = {
            "kind": "sql",
            "url": f"sqlite:///file:{self.file}?mode=rw&uri=true",
            "queries": {"policy": query},
            "reference": "no",
            "seconds": 1,
        }
        return open_lookup("core", table)

    def go_away(self):
        self.file.rename(self.file.with_suffix(".away"))
        self.file.mkdir()

    def come_back(self):
        if self.file.is_dir():
            self.file.rmdir()
            self.file.with_suffix(".away").rename(self.file)
            return
        with sqlite3.connect(self.file) as connection:
            connection.execute("CREATE TABLE policy (no TEXT, plate TEXT, name TEXT)")
            row = ("1234567890", "34ABC123", "Deneme Şirketi")
            connection.execute("INSERT INTO policy VALUES (?, ?, ?)", row)


class Service(BaseHTTPRequestHandler):
    """A core system as a stand-in: knows one policy, refuses a wrong token."""

    away = False

    def do_POST(self):
        if type(self).away:
            self.send_error(503)
            return
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Authorization") != "Bearer gizli":
            self.send_error(401)
            return
        found = [{"no": "1234567890", "ad": "Deneme Şirketi", "nested": {}}]
        body = json.dumps({"items": found if asked["value"] == KNOWN.value else []}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_OPTIONS(self):
        self.send_response(503 if type(self).away else 204)
        self.end_headers()

    def log_message(self, *_):
        """Quiet."""


class HttpWorld(LookupWorld):
    known, unknown = KNOWN, UNKNOWN

    def open(self):
        self.handler = type("Handler", (Service,), {})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return open_lookup("core", self.table("gizli"))

    def table(self, token):
        url = f"http://127.0.0.1:{self.server.server_port}/find"
        extra = {"list_at": ["items"], "reference": "no", "seconds": 2}
        return {"kind": "http", "url": url, "token": token} | extra

    def go_away(self):
        self.handler.away = True

    def come_back(self):
        self.handler.away = False

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class TestCsv(LookupContract):
    world = CsvWorld


class TestSql(LookupContract):
    world = SqlWorld


class TestHttp(LookupContract):
    world = HttpWorld


def test_a_plate_is_found_however_the_system_writes_it(tmp_path):
    lookup, _ = CsvWorld(tmp_path).open()
    [one] = lookup.find(Question("policy", "plate", "34ABC123"))
    assert one.facts["AD"] == "Deneme Şirketi"


def test_a_file_without_its_columns_needs_an_operator(tmp_path):
    world = CsvWorld(tmp_path)
    lookup, _ = world.open()
    world.file.write_text("A;B\n1;2\n")
    with pytest.raises(Misconfigured) as caught:
        lookup.find(KNOWN)
    assert "POLICE_NO" in str(caught.value)


def test_a_database_is_never_written(tmp_path):
    world = SqlWorld(tmp_path)
    world.open()
    table = {
        "kind": "sql",
        "url": f"sqlite:///{world.file}",
        "queries": {"policy": "DELETE FROM policy WHERE no = :value RETURNING no"},
        "reference": "no",
    }
    lookup, _ = open_lookup("core", table)
    with pytest.raises(Exception, match="database says"):
        lookup.find(KNOWN)
    with sqlite3.connect(world.file) as connection:
        assert connection.execute("SELECT count(*) FROM policy").fetchone() == (1,)


def test_a_wrong_token_needs_an_operator(tmp_path):
    world = HttpWorld(tmp_path)
    world.open()
    lookup, _ = open_lookup("core", world.table("yanlis"))
    with pytest.raises(Misconfigured):
        lookup.find(KNOWN)
    world.close()


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"kind": "oracle-of-delphi"},
        {"kind": "csv", "file": "x", "colour": "gizli-renk"},
        {"kind": "sql", "url": "nosuch://user:gizli@host/x", "queries": {}, "reference": "no"},
    ],
)
def test_settings_that_do_not_fit_are_named_and_not_shown(table):
    with pytest.raises(ConfigurationError) as caught:
        open_lookup("core", table)
    assert "gizli" not in str(caught.value)


@pytest.mark.slow
def test_a_slow_query_on_postgresql_is_broken_off(postgres):
    from cases.lookups.contract import NotAnswering

    table = {
        "kind": "sql",
        "url": postgres.new_database(),
        "queries": {"policy": "SELECT :value AS no, pg_sleep(30)"},
        "reference": "no",
        "seconds": 0.3,
    }
    lookup, _ = open_lookup("core", table)
    with pytest.raises(NotAnswering):
        lookup.find(KNOWN)
    lookup.close()
