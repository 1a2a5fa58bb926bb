"""A viral day: 100,000 posts and 20,000 mails within an hour, or a shorter piece of it.

    .venv/bin/python -m benchmarks.overload [--share 0.05] [--documents 50]

``--share 1`` is the whole hour, 0.05 three minutes at the same pace. Before it begins, a pile of
scanned letters arrives, which takes OCR longer than the whole run. Posts come from a stand-in of X
by the channel ``x``, each from somebody else; mails from a Dovecot. It shows that landing never
stops, that people's mail is starved neither by posts nor by OCR, what the ages were, that memory is
bounded, and that no alarm came twice.
"""

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

from benchmarks.faults.scene import DAEMONS, Needs, Scene, scene
from benchmarks.faults.source import subject
from benchmarks.faults.verdict import aligned, ledger_lines
from benchmarks.samples import Sample, Watch
from config.clock import now
from ingest.testkit.standins.x import TOKEN, XStandin
from storage import views

HOUR, POSTS, MAILS = 3600.0, 100_000, 20_000
SHOWN_POSTS = 5_000
"""Posts that the stand-in still lists; older ones were read long ago."""
SCANS = Path(__file__).parents[1] / "samples" / "post"
ACCOUNTS = """
[operations]
webhook = "{webhook}"
after_seconds = 5
[channels.brand]
kind = "x"
access_token = "{token}"
base_url = "{x}"
poll_seconds = 2
recheck_hours = 0
budget_usd = 100000
brand = "orneksigorta"
direct_messages = false
[channels.scans]
kind = "post"
folder = "{scans}"
poll_seconds = 1
settle_seconds = 0
"""
LONGEST_STILL = 30.0
"""Seconds without a landing while items arrive."""
MAIL_SECONDS = 60.0
"""Within this time 95 of 100 mails have their number: the objective of operations."""
MOST_MB = 300.0


class Alarms:
    """Where operations are told; ``begun`` and ``over``: how often each was."""

    def __init__(self) -> None:
        self.begun: Counter[str] = Counter()
        self.over: Counter[str] = Counter()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.begun.update(one["key"] for one in told["begun"])
                outer.over.update(one["key"] for one in told["over"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@dataclass
class Day:
    """What arrived, and when."""

    made: Scene
    x: XStandin
    documents: int
    mailed: dict[str, datetime] = field(default_factory=dict)
    posted: dict[str, datetime] = field(default_factory=dict)
    landed: list[tuple[float, int]] = field(default_factory=list)

    def post(self, count: int) -> None:
        for _ in range(count):
            n = len(self.posted)
            text = f"@orneksigorta {n}. dosyam hâlâ açık, kimse dönmüyor"
            post = self.x.post(text, author=str(1_800_000_000_000_000_000 + n))
            self.posted[post.id] = now()
        del self.x.posts[:-SHOWN_POSTS]

    def mail(self, count: int) -> None:
        first = len(self.made.given)
        self.made.deliver_next(count)
        self.mailed |= {subject(n): now() for n in range(first, first + count)}

    def scan(self, folder: Path) -> None:
        """The same letters under other names: read each time, recorded as repeats or anew."""
        files = sorted(SCANS.glob("*.pdf"))
        for n in range(self.documents):
            draft = folder.parent / "draft"
            shutil.copyfile(files[n % len(files)], draft)
            draft.rename(folder / f"{n}.pdf")

    @property
    def items(self) -> int:
        return len(self.posted) + len(self.mailed)

    def look(self, second: float) -> None:
        with self.made.house.app.database.read() as connection:
            days = views.ledger(connection)
        self.landed.append((second, sum(day["landed"] for day in days)))


def main() -> None:
    options = argparse.ArgumentParser(description="A viral day")
    options.add_argument("--share", type=float, default=0.05, help="1 is the whole hour")
    options.add_argument("--documents", type=int, default=50)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="overload-"))
    (folder / "scans").mkdir()
    alarms = Alarms()
    with XStandin() as x:
        toml = ACCOUNTS.format(webhook=alarms.url, token=TOKEN, x=x.url, scans=folder / "scans")
        pages = {"pages": ("work", "--pages")}
        needs = Needs(imap=True, workers="page_threads = 1", toml=toml, daemons=pages)
        with scene(folder, 10**6, 0, 1, needs) as made:
            made.start()
            day, watch = Day(made, x, given.documents), Watch(made)
            day.scan(folder / "scans")
            run(day, watch, HOUR * given.share)
            made.wait(lambda: finished(day), "mails and posts to be recorded", 1800)
            watch.look()
            sys.exit(report(day, watch, alarms))


def run(day: Day, watch: Watch, seconds: float) -> None:
    """Posts and mails at the pace of the day, a look every five seconds."""
    began, looked = time.monotonic(), 0.0
    while (passed := min(time.monotonic() - began, seconds)) < seconds:
        day.post(int(POSTS * passed / HOUR) - len(day.posted))
        if due := int(MAILS * passed / HOUR) - len(day.mailed):
            day.mail(due)
        day.look(passed)
        if passed - looked >= 5:
            looked = passed
            watch.look()
        time.sleep(1)


def finished(day: Day) -> bool:
    """Documents may still be waiting: that is the point."""
    time.sleep(2)
    with day.made.house.app.database.read() as connection:
        queues, days = views.queues(connection, now()), views.ledger(connection)
    waiting = sum(row["waiting"] for row in queues if row["queue"] not in ("pages", "enclosures"))
    landed = sum(one["landed"] for one in days if one["channel"] != "scans")
    return landed >= day.items and not waiting


def report(day: Day, watch: Watch, alarms: Alarms) -> bool:
    """Print everything. Returns whether something was wrong."""
    print(f"{len(day.posted)} posts, {len(day.mailed)} mails, {day.documents} scanned letters")
    print("\n".join(aligned([HEAD, *(row(sample) for sample in thinned(watch.samples))])))
    with day.made.house.app.database.read() as connection:
        found, days = views.applications(connection), views.ledger(connection)
    print("\n".join(ledger_lines(days)))
    mail = seconds_to_number(found, day.mailed, by="subject")
    post = seconds_to_number(found, day.posted, by="source_ids")
    still = max((b[0] - a[0] for a, b in pairwise(steps(day.landed))), default=0.0)
    print(f"to the number, p50 and p95: mails {spread(mail)}, posts {spread(post)}")
    print(f"longest time without a landing {still:.0f} s; alarms: {dict(alarms.begun) or 'none'}")
    wrong = list(wrongs(day, watch, alarms, mail, post, still))
    wrong += [f"the ledger of {one['channel']} differs" for one in days if not one["balances"]]
    print("\n".join(wrong) or "well")
    return bool(wrong)


def wrongs(
    day: Day, watch: Watch, alarms: Alarms, mail: list[float], post: list[float], still: float
) -> Iterator[str]:
    if missing := day.items - len(mail) - len(post):
        yield f"{missing} are not recorded"
    if still > LONGEST_STILL:
        yield f"nothing landed for {still:.0f} s"
    late, later = quantiles(mail, n=20)[-1], quantiles(post, n=20)[-1]
    if late > max(MAIL_SECONDS, later / 2):
        yield f"mail waited {late:.0f} s, posts {later:.0f} s"
    if most := [key for key, count in alarms.begun.items() if count > 1 + alarms.over[key]]:
        yield f"told more than once: {', '.join(most)}"
    for name in DAEMONS:
        if (memory := max(sample.memory[name] for sample in watch.samples)) > MOST_MB:
            yield f"{name} had {memory:.0f} MB"


def seconds_to_number(
    found: list[dict[str, object]], arrived: dict[str, datetime], *, by: str
) -> list[float]:
    """Of every item that came, how long until it was recorded."""
    out: dict[str, float] = {}
    for one in found:
        names = one[by] if isinstance(one[by], list) else [one[by]]
        for name in names:
            key = str(name).rpartition(":")[2] if by == "source_ids" else str(name)
            if key in arrived:
                out[key] = (one["recorded_at"] - arrived[key]).total_seconds()  # type: ignore[operator]
    return list(out.values())


def spread(seconds: list[float]) -> str:
    cuts = quantiles(seconds, n=20)
    return f"{cuts[9]:.1f} s and {cuts[-1]:.1f} s"


def steps(landed: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """The looks at which more had landed than at the one before."""
    return [landed[0], *(b for a, b in pairwise(landed) if b[1] > a[1])] if landed else []


HEAD = ("minute", "most MB", "mail", "posts", "record", "pages", "oldest s", "pages s", "load")


def row(sample: Sample) -> tuple[str, ...]:
    waiting = sample.waiting
    return (
        f"{sample.second / 60:.1f}",
        f"{max(sample.memory.values()):.0f}",
        *(str(waiting.get(queue, 0)) for queue in ("mail", "social", "record", "pages")),
        f"{sample.oldest:.1f}",
        f"{sample.ages.get('pages', 0):.0f}",
        f"{sample.load:.1f}",
    )


def thinned(samples: list[Sample]) -> list[Sample]:
    return samples[:: max(1, len(samples) // 20)]


if __name__ == "__main__":
    main()
