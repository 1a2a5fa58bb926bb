"""What is known of each file, and asking where nothing is. A verdict belongs to the bytes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cases.scanning.clamd import Answer, Clamd, ScannerAway
from storage import scans
from storage.engine import Database

AGAIN = timedelta(hours=24)
"""After this time a file is asked about anew when somebody opens it: signatures come every day."""
AT_ONCE = 20
"""Files that one round of the background asks about."""


def verdict(
    database: Database, clamd: Clamd | None, sha256: str, data: bytes, now: datetime
) -> scans.Verdict | None:
    """What holds of these bytes now; None where nobody could be asked and nothing is known. What
    was found once stays found. Never raises: a scanner holds nothing up."""
    with database.read() as connection:
        known = scans.of(connection, [sha256]).get(sha256)
    holds = known is not None and (known.state == "found" or now - known.at < AGAIN)
    if holds or clamd is None:
        return known
    try:
        said = clamd.scan(data)
    except ScannerAway:
        return known
    return _keep(database, sha256, said, now)


def look_ahead(
    database: Database, clamd: Clamd, read: Callable[[str], bytes], now: datetime
) -> int:
    """Ask about files that nobody was asked about yet, the newest first, so that it stands on the
    page before anybody opens them. Returns how many; stops where clamd is away."""
    with database.read() as connection:
        waiting = scans.unknown(connection, AT_ONCE)
    done = 0
    for sha256 in waiting:
        try:
            _keep(database, sha256, clamd.scan(read(sha256)), now)
        except ScannerAway:
            break  # the next round asks again
        except KeyError:
            _keep(database, sha256, Answer("too_big"), now)  # its bytes are gone: nothing to ask
        done += 1
    return done


def _keep(database: Database, sha256: str, said: Answer, now: datetime) -> scans.Verdict:
    with database.write() as connection:
        return scans.keep(connection, sha256, said.state, said.name, now)
