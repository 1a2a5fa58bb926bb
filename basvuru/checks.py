"""``basvuru check``: one finding for each thing that has to be right, with a remedy."""

from collections.abc import Callable, Iterator

from basvuru.bootstrap import Application
from cases.board import TROUBLE, aged, gap_sentence, sentence
from cases.deadlines.watch import months_left
from cases.scanning.clamd import ScannerAway
from config import clock
from config.errors import BasvuruError
from ingest.contract import Finding
from normalizers.ocr.registry import installed_languages
from storage import board, calendar
from storage.engine import Failed, Unavailable
from storage.schema import is_current
from workers.broker import Away
from workers.doorbell import is_rabbit


def all_checks(app: Application) -> Iterator[Finding]:
    yield Finding("settings", True, f"data folder {app.places.data}")
    for check in (_database, _calendar, _keys, _blobs, _broker, _gateway, _tesseract, _scanner):
        yield _guarded(check, app)
    for name in app.settings.lookups:
        yield _lookup(app, name)
    for name in app.places.channels:
        yield from channel_checks(app, name)


def _guarded(check: Callable[[Application], Finding], app: Application) -> Finding:
    try:
        return check(app)
    except BasvuruError as error:
        return Finding(check.__name__.strip("_"), False, str(error), getattr(error, "remedy", ""))


def _database(app: Application) -> Finding:
    name = "database"
    try:
        current = is_current(app.database)
    except (*Unavailable, Failed) as error:
        remedy = "Check [database] url, and that the server runs and lets us in."
        return Finding(name, False, f"does not answer ({type(error).__name__})", remedy)
    kind = "SQLite" if app.database.is_sqlite else "PostgreSQL"
    if not current:
        return Finding(name, False, f"{kind} has another schema", "Run `basvuru db upgrade`.")
    return Finding(name, True, f"{kind}, schema of this version")


def _calendar(app: Application) -> Finding:
    try:
        with app.database.read() as connection:
            last = calendar.last_year(connection)
    except (*Unavailable, Failed) as error:
        return Finding("calendar", False, f"not read ({type(error).__name__})", "See database.")
    left = months_left(last, clock.local_date(clock.now()))
    remedy = "Update the package `holidays` and run `basvuru db upgrade`, or enter the holidays "
    remedy += "with `basvuru deadlines set-day` and `complete-year`."
    return Finding("calendar", left >= 12, f"holidays to the end of {last}", remedy)


def _lookup(app: Application, name: str) -> Finding:
    try:
        ok, detail = app.systems[name].lookup.check()
    except BasvuruError as error:
        return Finding(f"lookup {name}", False, str(error), getattr(error, "remedy", ""))
    remedy = "" if ok else f"Applications go on without it. Then `basvuru lookups retry {name}`."
    return Finding(f"lookup {name}", ok, detail, remedy)


def _keys(app: Application) -> Finding:
    try:
        app.check_keys()
    except (*Unavailable, Failed) as error:
        return Finding("keys", False, f"not checked ({type(error).__name__})", "See database.")
    return Finding("keys", True, "those that this database was written with")


def _blobs(app: Application) -> Finding:
    """A real write and a real read: permissions and certificates show themselves only there."""
    bucket = app.settings.blobs.bucket
    where = f"bucket {bucket}" if bucket else str(app.places.blobs)
    try:
        app.blobs.check()
        [key] = app.blobs.put([b"basvuru check"])
        app.blobs.get(key)
    except (OSError, KeyError) as error:
        remedy = "Make the folder writable for this user, or free disk space."
        if bucket:
            remedy = "Check [blobs], that the bucket is there, and that its policy lets us in."
        return Finding(
            "blobs", False, f"{where}: {getattr(error, 'strerror', '') or error}", remedy
        )
    return Finding("blobs", True, where)


def _broker(app: Application) -> Finding:
    name = "RabbitMQ" if is_rabbit(app.places.broker_url) else "Redis"
    try:
        app.broker.ping()
    except Away as error:
        detail = f"{name} does not answer ({type(error).__name__})"
        if app.places.own_redis:
            return Finding("broker", False, detail, "It runs while `basvuru up` runs.")
        return Finding("broker", False, detail, f"Check [broker] url, and that {name} runs.")
    return Finding("broker", True, f"{name} answers")


def _gateway(app: Application) -> Finding:
    ok, detail = app.gateway.check()
    remedy = "" if ok else "Check [sms] and [sms.options]."
    return Finding(f"sms gateway {app.settings.sms.gateway}", ok, detail, remedy)


def _tesseract(app: Application) -> Finding:
    have = installed_languages()
    missing = set(app.settings.ocr.languages.split("+")) - set(have)
    if missing:
        names = " ".join(f"tesseract-ocr-{name}" for name in sorted(missing))
        remedy = f"Install the packages {names}, or run `make setup`."
        return Finding("tesseract", False, f"lacks {', '.join(sorted(missing))}", remedy)
    return Finding("tesseract", True, f"languages {', '.join(sorted(have))}")


def _scanner(app: Application) -> Finding:
    """Whether files that came in are scanned; without a scanner nothing is wrong."""
    if app.clamd is None:
        return Finding("virus scanner", True, "none is set: files are not scanned")
    try:
        return Finding("virus scanner", True, app.clamd.version())
    except ScannerAway as error:
        remedy = "Check [scanning] clamd, and that it runs. Nothing waits for it."
        return Finding("virus scanner", False, str(error), remedy)


def channel_checks(app: Application, name: str) -> Iterator[Finding]:
    """What one account's adapter finds, and whether it can be opened at all."""
    subject = f"channel {name}"
    if name not in app.places.channels:
        remedy = f"There are: {', '.join(app.places.channels)}."
        yield Finding(subject, False, "is not configured", remedy)
        return
    try:
        channel = app.open_account(name)
    except BasvuruError as error:
        yield Finding(subject, False, str(error), getattr(error, "remedy", ""))
        return
    try:
        for finding in channel.check():
            yield Finding(
                f"{subject}, {finding.subject}", finding.ok, finding.detail, finding.remedy
            )
    finally:
        channel.close()
    yield from _board(app, name, subject)


def _board(app: Application, name: str, subject: str) -> Iterator[Finding]:
    """What the daemon that reads the account last saw of it, and the times that it missed."""
    now = clock.now()
    try:
        with app.database.read() as connection:
            lines = [aged(line, now) for line in board.lines(connection, name)]
            gaps = board.gaps(connection, name)
    except (*Unavailable, Failed):  # said by the check of the database
        return
    for line in lines:
        told = sentence(line, now).removeprefix(f"{name}, {line.feature}: ")
        ok = line.state not in TROUBLE
        yield Finding(f"{subject}, board, {line.feature}", ok, told, line.remedy)
    for gap in gaps:
        told = gap_sentence(gap).removeprefix(f"{name}, ")
        yield Finding(f"{subject}, gap", False, told, f"basvuru channel gaps --close {gap.id}")
