"""A company's whole installation for journeys: every daemon a process, real servers around it.

PostgreSQL, Redis, Kannel with a phone network behind it, a HylaFAX receive queue, Dovecot, an SMTP
server, a CSV file of policies. People in it are made up.
"""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from peers import dovecot, kannel
from peers.dovecot import Dovecot
from peers.installation import Installation
from peers.kannel import Kannel
from peers.letter_images import fax, tiff
from peers.postgres import Postgres
from peers.redis import Redis
from peers.server import free_port, is_open, wait_until
from peers.smtp import MailServer
from peers.staff import Colleague, colleague

from config import clock
from storage import dossier, views

ADDRESS = "basvuru@sirket.example.test"
CALL_SECRET = "call secret"
TOKEN = "a-token-of-sixteen-or-more"
LONG = 120.0
"""Seconds that a step may take where other tests run meanwhile."""
POLICIES = """POLICE_NO;BRANS;DURUM;BITIS
2026004217;Konut;Yürürlükte;01.02.2027
2026004218;Konut;İptal;01.02.2026
"""

SETTINGS = """
[company]
name = "Örnek Sigorta A.Ş."
own_addresses = ["@sirket.example.test"]
[database]
url = "{database}"
[broker]
url = "{redis}"
[workers]
sweep_seconds = 1
[portal]
port = {port}
[sms]
gateway = "kannel"
[sms.options]
url = "{sendsms}"
username = "app"
password = "{kannel_password}"
[mail]
host = "127.0.0.1"
port = {smtp}
security = "none"
from_address = "{address}"
[answers]
quiet_from = "00:00:00"
quiet_until = "00:00:00"
[lookups.policies]
kind = "csv"
what = "policy"
file = "{folder}/policies.csv"
columns = {{ policy = "POLICE_NO" }}
reference = "POLICE_NO"
[channels.web]
kind = "web"
[channels.phone]
kind = "phone"
secret = "{call_secret}"
[channels.sms]
kind = "sms"
token = "{token}"
[channels.fax]
kind = "fax"
source = "hylafax"
folder = "{folder}/recvq"
transfer_log = "{folder}/xferfaxlog"
poll_seconds = 0.5
settle_seconds = 0
[channels.mail]
kind = "email"
host = "localhost"
port = {imap}
ca = "{ca}"
username = "{imap_user}"
password_file = "{folder}/mailbox-password"
poll_seconds = 1
"""


def missing() -> str | None:
    """Why this machine cannot run it; None when it can."""
    if not kannel.INSTALLED:
        return "Kannel is not installed"
    if not dovecot.available():
        return "Dovecot is not installed"
    return None if shutil.which("tesseract") else "Tesseract is not installed"


class Company:
    """Runs from entering to leaving; ``url`` is its portal."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.folder, self._postgres = folder, postgres
        self._stack = ExitStack()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.sms_hook = f"{self.url}/hooks/channel/sms?token={TOKEN}"

    def __enter__(self) -> "Company":
        with ExitStack() as stack:
            redis = stack.enter_context(Redis(self.folder / "redis"))
            self.network = stack.enter_context(Kannel(self.folder / "kannel", self.sms_hook))
            self.network.connect_smsc()
            self.mailbox = stack.enter_context(Dovecot())
            self.outbound = stack.enter_context(MailServer())
            (self.folder / "recvq").mkdir()
            (self.folder / "xferfaxlog").touch()
            (self.folder / "policies.csv").write_text(POLICIES, encoding="utf-8")
            self.know_the_password(dovecot.PASSWORD)
            toml = self._settings(redis)
            self.house = stack.enter_context(Installation(self.folder / "house", toml))
            self._start()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def know_the_password(self, password: str) -> None:
        """Put the mailbox's password where the settings say that it is."""
        (self.folder / "mailbox-password").write_text(f"{password}\n", encoding="utf-8")

    def _settings(self, redis: Redis) -> str:
        return SETTINGS.format(
            folder=self.folder, database=self._postgres.new_database(), redis=redis.url,
            port=self.port, sendsms=self.network.url, kannel_password=kannel.PASSWORD,
            smtp=self.outbound.port, address=ADDRESS, call_secret=CALL_SECRET, token=TOKEN,
            imap=self.mailbox.imaps_port, ca=self.mailbox.ca, imap_user=dovecot.USER,
        )  # fmt: skip

    def _start(self) -> None:
        self.house.start("serve", "serve")
        self.house.start("poll", "poll")
        self.house.start("work", "work")
        self.house.start("pages", "work", "--pages")
        self.house.start("schedule", "schedule")
        wait_until(lambda: is_open(self.port), "the portal", LONG)
        for name in ("poll", "work", "pages", "schedule"):
            wait_until(lambda name=name: self.house.is_up(name), name, LONG)

    def colleague(self, login: str, *roles: str, department: str | None = None) -> Colleague:
        """Somebody with an open session, as the pages of signing in would leave it."""
        services: Any = SimpleNamespace(database=self.house.app.database, now=clock.now)
        return colleague(services, *roles, login=login, department=department)

    def bring_fax(self, lines: Sequence[str], number: str) -> None:
        """HylaFAX's file in recvq, then its line in the log of transfers."""
        name = f"fax{len(list((self.folder / 'recvq').iterdir())) + 1:09d}.tif"
        sheet = fax(lines, lines_per_inch=196)
        (self.folder / "recvq" / name).write_bytes(tiff(sheet, dpi=(204, 196)))
        began = datetime.now(ZoneInfo("Europe/Istanbul")).strftime("%m/%d/%y %H:%M")
        fields = [
            began, "RECV", "000000001", "ttyS0", f"recvq/{name}", '""', "fax",
            '"+90.850.000.0000"', f'"{number}"', "2105385", "1", "0:00:33", "0:00:33",
            '""', '""', f'"{number}"', '"<NONE>::08500000000"', '""', '"00 46 1E"',
        ]  # fmt: skip
        with (self.folder / "xferfaxlog").open("a") as log:
            log.write("\t".join(fields) + "\n")

    def bring_mail(self, mail: EmailMessage) -> None:
        self.mailbox.append("INBOX", mail.as_bytes())

    def applications(self) -> list[dict[str, Any]]:
        with self.house.app.database.read() as connection:
            return views.applications(connection)

    def application(self, channel: str) -> dict[str, Any]:
        """The newest one of a channel, once it is there."""
        wait_until(lambda: self._of(channel), f"an application by {channel}", LONG)
        return self._of(channel)[-1]

    def _of(self, channel: str) -> list[dict[str, Any]]:
        return [one for one in self.applications() if one["channel"] == channel]

    def quarantined(self) -> int:
        with self.house.app.database.read() as connection:
            return sum(views.quarantine_causes(connection).values())

    def told(self, phone: str) -> str:
        """Everything that this phone was sent, numbers without dashes."""
        parts = [text for _, to, text in self.network.received if to == phone]
        return "".join(parts).replace("-", "")

    def wait_for_text(self, phone: str, said: str) -> None:
        wait_until(lambda: said in self.told(phone), f"an SMS that says {said!r}", LONG)

    def history(self, application_id: int) -> list[str]:
        with self.house.app.database.read() as connection:
            return [one["kind"] for one in dossier.history(connection, application_id)]

    def wait_for_event(self, application_id: int, kind: str, times: int = 1) -> None:
        wait_until(
            lambda: self.history(application_id).count(kind) >= times, f"{times} {kind}", LONG
        )
