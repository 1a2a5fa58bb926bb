"""A private HylaFAX that receives real calls, without modem, line or exchange.

Two iaxmodem soft modems are connected to each other over IAX2 on 127.0.0.1; faxgetty answers on
one, efax calls on the other. Needs root (the modems make their devices) and the Debian packages
hylafax-server, iaxmodem, efax and libtiff-tools. Fax is hard real time: on a busy machine a call
may fail, so :meth:`HylaFax.send` tries again.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from peers.server import free_port, start, stop, wait_until

PROGRAMS = ("iaxmodem", "faxgetty", "efax", "tiffcp")
SPOOL = Path("/var/spool/hylafax")
STATION = "+90 212 000 45 67"
"""What the calling machine says it is (TSI)."""
NUMBER, NAME = "02120001234", "Ornek Gonderen"
"""What the line says (caller id)."""
OUR_NUMBER = "08500000000"
_TRIES = 3

_MODEM = """\
device /dev/{name}
owner uucp:uucp
mode 660
port {port}
refresh 0
server 127.0.0.1:{other}
peername {name}
secret x
cidname {cid_name}
cidnumber {cid_number}
codec slinear
"""

_SETTINGS = {
    "CountryCode": "90",
    "AreaCode": "850",
    "FAXNumber": "+90.850.000.0000",
    "RecvFileMode": "0640",
}


def missing() -> str | None:
    """Why this machine cannot run it; None when it can."""
    if os.geteuid() != 0:
        return "the soft modems need root"
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    return f"not installed: {', '.join(absent)}" if absent else None


class HylaFax:
    def __init__(self) -> None:
        # not below pytest's folder: that one is closed to uucp, as whom HylaFAX runs
        self.folder = Path(tempfile.mkdtemp(prefix="basvuru-fax-"))
        self.spool = self.folder / "spool"
        self.recvq = self.spool / "recvq"
        self._caller, self._called = f"ttyBV{os.getpid()}A", f"ttyBV{os.getpid()}B"
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def transfer_log(self) -> Path:
        """HylaFAX before 7 keeps it in etc, as xferfaxlog(5) says; Debian's build in log."""
        return next(
            path
            for path in (self.spool / "log/xferfaxlog", self.spool / "etc/xferfaxlog")
            if path.exists()
        )

    def __enter__(self) -> "HylaFax":
        self.folder.chmod(0o755)
        try:
            self._start_modems()
            self._make_spool()
            self._start_getty()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            stop(process)
        for name in (self._caller, self._called):
            Path("/etc/iaxmodem", name).unlink(missing_ok=True)
            Path("/dev", name).unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, *pages: Path) -> None:
        """Call and send; try again when the call fails. What failed calls left is removed."""
        for _ in range(_TRIES):
            before = set(self.recvq.glob("*.tif"))
            if self._call(pages, seconds=180) == 0:
                return
            self._wait_for_idle()
            for leftover in set(self.recvq.glob("*.tif")) - before:
                leftover.unlink()
        raise AssertionError(f"{_TRIES} calls failed: is the machine too busy?")

    def send_and_hang_up(self, after: float, *pages: Path) -> None:
        """Call, and be gone without a word after that many seconds."""
        self._call(pages, seconds=after)

    def wait_for_end(self, seconds: float = 150.0) -> None:
        """Return when the called machine has put down and written its log."""
        self._wait_for_idle(seconds)

    def _call(self, pages: tuple[Path, ...], seconds: float) -> int | None:
        """The exit code of efax; None when it was cut off."""
        self._wait_for_idle()
        command = ["efax", "-d", f"/dev/{self._caller}", "-o1", "-l", STATION]
        command += ["-c", "1,5,0,2,0,0,0,0", "-t", OUR_NUMBER]
        command += [str(self._single_strip(page)) for page in pages]
        calling = start(command, self.folder, "efax")
        try:
            return calling.wait(seconds)
        except subprocess.TimeoutExpired:
            calling.kill()
            calling.wait()
            return None

    def _single_strip(self, page: Path) -> Path:
        """efax sends only TIFF with one strip in one-dimensional G3."""
        copy = self.folder / f"send-{page.stem}.tif"
        subprocess.run(["tiffcp", "-c", "g3:1d", "-r", "10000", str(page), str(copy)], check=True)
        return copy

    def _start_modems(self) -> None:
        ports = free_port(), free_port()
        folder = Path("/etc/iaxmodem")
        folder.mkdir(exist_ok=True)
        for name, port, other, cid in (
            (self._caller, ports[0], ports[1], (NAME, NUMBER)),
            (self._called, ports[1], ports[0], ("Alici", OUR_NUMBER)),
        ):
            text = _MODEM.format(
                name=name, port=port, other=other, cid_name=cid[0], cid_number=cid[1]
            )
            (folder / name).write_text(text)
            self._processes.append(start(["iaxmodem", name], self.folder, f"modem-{name[-1]}"))
        wait_until(lambda: Path("/dev", self._called).exists(), "the soft modems")

    def _make_spool(self) -> None:
        shutil.copytree(SPOOL, self.spool, symlinks=True, ignore=shutil.ignore_patterns("FIFO*"))
        shutil.copytree("/etc/hylafax", self.spool / "etc", dirs_exist_ok=True)
        subprocess.run(["chown", "-R", "uucp:uucp", str(self.spool)], check=True)
        example = Path("/usr/share/doc/iaxmodem/examples/config.ttyIAX")
        settings = _SETTINGS.copy()
        lines = []
        for line in example.read_text().splitlines():
            key = line.partition(":")[0]
            lines.append(f"{key}: {settings[key]}" if key in settings else line)
        (self.spool / "etc" / f"config.{self._called}").write_text("\n".join(lines) + "\n")
        (self.spool / "etc/FaxDispatch").write_text("NOTIFY_FAXMASTER=no\n")

    def _start_getty(self) -> None:
        command = ["env", "TZ=Europe/Istanbul", "faxgetty", "-q", str(self.spool), self._called]
        self._processes.append(start(command, self.folder, "faxgetty"))
        self._wait_for_idle(60)

    def _wait_for_idle(self, seconds: float = 60.0) -> None:
        status = self.spool / "status" / self._called
        wait_until(
            lambda: status.exists() and "Running and idle" in status.read_text(),
            "the receiving modem to be idle",
            seconds,
        )
