"""Landing alone: mails from IMAP to where they are safe, beside mbsync on the same mails.

    python benchmarks/landing.py [--mails 2000] [--corpus FOLDER]

Ours is a poller that waits at the mailbox (raw mail in the blob store, its row and the cursor in
one transaction of a PostgreSQL that waits for the disk, the mail flagged afterwards); nothing reads
what landed. mbsync 1.4 pulls the same mails into a Maildir, fifty requests under way at a time. CPU
is of the programs, Dovecot and PostgreSQL, from /proc.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import way
from peers.dovecot import PASSWORD, USER, Dovecot
from peers.installation import Installation
from peers.server import wait_until
from way import Figures, cpu

MBSYNC = """\
IMAPAccount box
Host 127.0.0.1
Port {port}
User {user}
Pass {password}
SSLType None
AuthMechs LOGIN
PipelineDepth 50

IMAPStore far
Account box

MaildirStore near
Inbox {folder}/Maildir/
Path {folder}/

Channel pull
Far :far:
Near :near:
Patterns INBOX
Sync Pull
SyncState {folder}/state-
"""


def ours(folder: Path, bodies: list[bytes]) -> Figures:
    """Some mails land before those that are measured: starting is not what is asked for."""
    with way.servers(folder) as (dovecot, postgres, redis, smsc):
        drafts = dovecot.drafted(bodies)
        settings = way.settings(dovecot, postgres.new_database(), redis.url, smsc)
        with Installation(folder / "house", settings) as house:
            house.start("poll", "poll")
            wait_until(lambda: house.is_up("poll"), "the poller to work", 60)
            dovecot.deliver(way.made_up(way.WARM))
            wait_until(lambda: way.has_landed(house, way.WARM), "the poller to be warm", 60)
            parts = {"dovecot": dovecot.pid, "postgres": postgres.pid}
            parts["poll"] = house.running["poll"].pid
            before = {name: cpu(pid) for name, pid in parts.items()}
            start = time.monotonic()
            dovecot.reveal(drafts)
            wait_until(lambda: way.has_landed(house, way.WARM + len(bodies)), "all to land", 300)
            seconds = time.monotonic() - start
            spent = {name: cpu(pid) - before[name] for name, pid in parts.items()}
            return Figures(len(bodies), seconds, spent, 0)


def mbsync(folder: Path, bodies: list[bytes]) -> Figures | None:
    """None where it is not installed (Debian: isync)."""
    if not shutil.which("mbsync"):
        return None
    with Dovecot() as dovecot:
        dovecot.reveal(dovecot.drafted(bodies))
        with dovecot.connection() as client:
            client.select("INBOX")  # Dovecot's own index is not what is asked for
        rules = folder / "mbsyncrc"
        values = {"port": dovecot.imap_port, "user": USER, "password": PASSWORD, "folder": folder}
        rules.write_text(MBSYNC.format(**values))
        before, own, start = cpu(dovecot.pid), _of_children(), time.monotonic()
        subprocess.run(["mbsync", "-q", "-c", rules, "pull"], check=True, timeout=300)
        seconds = time.monotonic() - start
        spent = {"dovecot": cpu(dovecot.pid) - before, "mbsync": _of_children() - own}
        found = sum(1 for part in ("new", "cur") for _ in (folder / "Maildir" / part).iterdir())
        assert found == len(bodies), f"mbsync brought {found} of {len(bodies)}"
        return Figures(len(bodies), seconds, spent, 0)


def _of_children() -> float:
    """CPU seconds of this process's ended children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=2000)
    options.add_argument("--corpus", type=Path)
    given = options.parse_args()
    bodies = way.mails(given.corpus, given.mails)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        for what, run in (("mbsync", mbsync), ("ours", ours)):
            folder = Path(name) / what
            folder.mkdir()
            sys.stdout.write(f"-- {what}\n")
            if (figures := run(folder, bodies)) is not None:
                figures.print()


if __name__ == "__main__":
    main()
