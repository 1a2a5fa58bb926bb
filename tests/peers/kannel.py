"""A private Kannel: bearerbox, smsbox and the fakesmsc that comes with it.

``fakesmsc`` confirms every SMS and prints what it got. The core's files and ports are this test's
own; receipts go wherever ``dlr-url`` points.
"""

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote_plus, unquote_plus, unquote_to_bytes

from peers.server import free_port, is_open, stop, wait_until

FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
PATH = "/usr/sbin:/usr/bin:/bin"
INSTALLED = all(shutil.which(name, path=PATH) for name in ("bearerbox", "smsbox")) and (
    FAKESMSC.is_file()
)
PASSWORD = "s3cret-x"
_GOT = re.compile(r"Got message \d+: <(\S+) (\S+) (text|ucs-2|udh \S+ data) (.*)>")
"""A part of a longer text has a header (``udh``); this gateway sends such parts as UCS-2."""

CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = adminpw
smsbox-port = {box}
smsbox-interface = 127.0.0.1
dlr-storage = internal
log-file = {folder}/bearerbox.log
log-level = 1

group = smsc
smsc = fake
smsc-id = FAKE
host = 127.0.0.1
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-file = {folder}/smsbox.log
log-level = 1

group = sendsms-user
username = app
password = {password}
max-messages = 6
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
{service}
"""

_HANDED_ON = """post-url = "{}"
send-sender = true"""


class Kannel:
    """``url`` is its sendsms service; what phones send goes to ``post_url``. A context manager."""

    def __init__(self, folder: Path, post_url: str = "") -> None:
        self.folder = folder
        self._service = _HANDED_ON.format(post_url) if post_url else 'text = "none"'
        self._ports = {name: free_port() for name in ("admin", "box", "smsc", "sendsms")}
        self.url = f"http://127.0.0.1:{self._ports['sendsms']}/cgi-bin/sendsms"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._fakesmsc: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Kannel":
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "kannel.conf"
        values = {"folder": self.folder, "password": PASSWORD, "service": self._service}
        file.write_text(CONFIGURATION.format(**values, **self._ports))
        try:
            self._start("bearerbox", str(file))
            wait_until(lambda: is_open(self._ports["box"]), "bearerbox")
            self._start("smsbox", str(file))
            wait_until(lambda: is_open(self._ports["sendsms"]), "smsbox")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.disconnect_smsc()
        for process in reversed(self._processes):
            stop(process)

    def connect_smsc(self) -> None:
        """From now on texts are taken and confirmed."""
        where = ["-H", "127.0.0.1", "-r", str(self._ports["smsc"])]
        self._fakesmsc = self._spawn([str(FAKESMSC), *where, "-m", "0", "1 2 text x"], "fakesmsc")

    def bring(self, sender: str, text: str) -> None:
        """A phone sends us a text; the SMSC stays connected, and goes on taking ours."""
        self.disconnect_smsc()
        where = ["-H", "127.0.0.1", "-r", str(self._ports["smsc"])]
        message = f"{sender} 905550009999 ucs2 {quote_plus(text.encode('utf-16-be'))}"
        self._fakesmsc = self._spawn([str(FAKESMSC), *where, "-m", "1", message], "fakesmsc")

    def disconnect_smsc(self) -> None:
        if self._fakesmsc is not None:
            stop(self._fakesmsc)
            self._fakesmsc = None

    @property
    def received(self) -> list[tuple[str, str, str]]:
        """Sender, number and text of what the SMSC got, as fakesmsc tells it."""
        log = self.folder / "fakesmsc.out"
        if not log.exists():
            return []
        found = _GOT.findall(log.read_text(encoding="utf-8", errors="replace"))
        return [(sender, to, _decoded(kind, text)) for sender, to, kind, text in found]

    def _start(self, name: str, file: str) -> None:
        program = shutil.which(name, path=PATH)
        assert program
        self._processes.append(self._spawn([program, file], name))

    def _spawn(self, command: list[str], name: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{name}.out").open("ab") as out:
            return subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.PIPE, stdout=out, stderr=out
            )


def _decoded(kind: str, text: str) -> str:
    if kind == "text":
        return unquote_plus(text)
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-16-be")
