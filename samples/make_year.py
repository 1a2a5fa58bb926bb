"""Fill an installation with a made-up year of applications.

    .venv/bin/python samples/make_year.py --data var-year [--count 50000] [--year 2025] [--seed 1]

For looking at reports, and for trying rules, on something of real size. Only into an installation
that has no applications yet.
"""

import argparse
import sys
import time
from pathlib import Path

HOUSE = Path(__file__).parents[1]
sys.path.insert(0, str(HOUSE))

from sqlalchemy import func, select

from basvuru.bootstrap import Application
from config.settings import load
from samples.year.load import Loader
from samples.year.story import Year
from storage import tables as t
from storage.schema import upgrade


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", type=Path, default=None)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--year", type=int, default=2025)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    app = Application(load(given.config, data=given.data))
    app.places.make()
    upgrade(app.database)
    app.blobs.prepare()
    with app.database.read() as connection:
        if connection.execute(select(func.count()).select_from(t.application)).scalar_one():
            sys.exit("There are applications in this installation already.")
    app.check_keys()
    begun = time.monotonic()
    keys = (app.places.key("number_key"), app.places.key("index_key"))
    count = Loader(app.database, app.blobs, *keys).load(Year(given.year, given.count, given.seed))
    print(f"{count} applications of {given.year} in {time.monotonic() - begun:.0f} s")
    app.close()


if __name__ == "__main__":
    main()
