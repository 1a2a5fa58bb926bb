"""A year of 50,000 made-up applications: loaded, reported, compared with its history.

    .venv/bin/python benchmarks/year.py [--count 50000] [--postgres]

Makes and keeps every report of the year, and prints the slowest of each kind. Checks that the
balance holds on each day, and that every figure of every month is what a plain reading of the
history finds.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

HOUSE = Path(__file__).parents[1]
# instead of this folder, whose samples.py would hide the package of that name
sys.path[:1] = [str(HOUSE), str(HOUSE / "tests"), str(HOUSE / "tests" / "reports")]

from peers.postgres import Postgres
from recounting import Recount, differences

from cases.reports import building, calendar, making, periods
from cases.reports.figures import figures, measure
from cases.reports.paper.pdf import Stamp, pdf
from cases.reports.paper.xlsx import xlsx
from cases.rules import book
from cases.rules.condition import parse
from config.clock import now, start_of
from samples.year.load import Loader
from samples.year.story import Year
from storage.blobs import FolderBlobs
from storage.engine import Database
from storage.reporting import facts, stock
from storage.reporting.counting import Slice
from storage.schema import upgrade

YEAR = 2025
RULES = {
    "two on codes": ("type: complaint and channel: email, web", "branch: kasko or topic: hasar"),
    "two on identifiers": ("found: plate, phone", 'sender: "example.test"'),
    "twelve on texts": tuple(
        f'text: "{one}"'
        for one in (
            *("değer kaybı", "pert", "ödeme", "eksper raporu", "iptal", "prim iadesi", "acente"),
            *("çağrı merkezi", "hastane provizyon", "kvkk", "dolandır", "teşekkür"),
        )
    ),
}
"""Books of rules, by what has to be read for them."""


@contextmanager
def timed(what: str) -> Iterator[None]:
    begun, used = time.perf_counter(), time.process_time()
    yield
    took, used = time.perf_counter() - begun, time.process_time() - used
    print(f"{what:<46} {took:9.3f} s {used:9.3f} s of a core", flush=True)


@contextmanager
def clocked(into: list[float]) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    into.append(time.perf_counter() - begun)


def go(database: Database, folder: Path, count: int) -> None:
    upgrade(database)
    blobs = FolderBlobs(folder / "blobs")
    blobs.prepare()
    with timed(f"load {count} applications"):
        Loader(database, blobs, b"bench", b"bench").load(Year(YEAR, count, 1))
    with database.write() as connection:
        calendar.prepare(connection, date(YEAR + 1, 1, 2))
    for kind in making.KINDS:
        make_all(database, kind)
    with timed("the whole year: count"), database.read() as connection:
        building.build(connection, "review", periods.containing("year", date(YEAR, 1, 1)), now())
    with database.read() as connection:
        stock.board(connection, start_of(date(YEAR, 12, 31)), date(YEAR, 12, 30))
        with timed("live board"):
            stock.board(connection, start_of(date(YEAR, 12, 31)), date(YEAR, 12, 30))
        with timed("balances of 365 days, counted twice"):
            check_days(connection)
        with timed("all figures of 12 months, counted twice"):
            check_months(connection)
        for name, conditions in RULES.items():
            with timed(f"rules tried on the year: {name}"):
                assert try_rules(connection, conditions) > 0.9 * count
        with timed("every fact compared with its history"):
            assert facts.differences(connection) == []


def make_all(database: Database, kind: str) -> None:
    """Every report of that kind in the year, kept; days and weeks on paper now and then."""
    length = making.KINDS[kind]
    every = list(periods.each(length, date(YEAR, 1, 1), date(YEAR, 12, 31)))
    took: dict[str, list[float]] = {"made": [], "PDF": [], "XLSX": []}
    for place, period in enumerate(every):
        with clocked(took["made"]):
            report, _ = making.make(database, kind, period, by="bench", now=now())
        assert report.content["balance"]["balances"], period
        if place % {"daily": 30, "weekly": 4}.get(kind, 1) == 0:
            with clocked(took["PDF"]):
                pdf(report.content, Stamp("Örnek Sigorta"))
            with clocked(took["XLSX"]):
                xlsx(report.content, Stamp("Örnek Sigorta"))
    for what, each in took.items():
        name = f"{kind}: {len(each)} {what}, the slowest and all"
        print(f"{name:<46} {max(each):9.3f} s {sum(each):9.3f} s together", flush=True)


def try_rules(connection, conditions: tuple[str, ...]) -> int:  # type: ignore[no-untyped-def]
    """What-if of a book of routing rules; how many applications it looked at."""
    rules = [
        book.Rule(f"r{i}", parse(one), {"department": f"d{i}"}) for i, one in enumerate(conditions)
    ]
    begun, over = start_of(date(YEAR, 1, 1)), start_of(date(YEAR + 1, 1, 2))
    return book.try_out(connection, "department", rules, start=begun, end=over).seen


def check_days(connection) -> None:  # type: ignore[no-untyped-def]
    left = 0
    for day, received, reopened, closed in stock.daily(
        connection, date(YEAR, 1, 1), date(YEAR, 12, 31)
    ):
        left += received + reopened - closed
        assert left == stock.open_at(connection, day)[()], day


def check_months(connection) -> None:  # type: ignore[no-untyped-def]
    recount = Recount(connection)
    for period in periods.each("month", date(YEAR, 1, 1), date(YEAR, 12, 31)):
        found = measure(connection, figures(), Slice(period.first, period.last))[()]
        again = recount.figures(period.first, period.last)
        assert again.keys() == found.keys() and differences(again, found) == {}, period


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.postgres:
            with Postgres() as server:
                database = Database(server.new_database())
                go(database, folder, given.count)
                database.close()
            return
        database = Database(f"sqlite:///{folder / 'basvuru.db'}")
        go(database, folder, given.count)
        database.close()


if __name__ == "__main__":
    main()
