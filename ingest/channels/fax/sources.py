"""Where a fax comes from decides when it is ready, and what is known about its call."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from ingest.channels.fax.settings import Fact, FaxSettings
from ingest.channels.fax.transferlog import Call, TransferLog, caller
from ingest.contract import Checkpoint, Context, Finding
from ingest.errors import Later, Misconfigured
from ingest.spool import Document, Entry, Surroundings
from ingest.spool.documents import PROBLEM
from ingest.spool.sidecars import moment
from ingest.spool.tiff import IMAGE_DESCRIPTION, directories, page_count

CALL_SILENCE = timedelta(minutes=3)
"""T.30 gives up a silent line after about a minute: a file that has been still for longer than
this is not being received any more."""

LOG_PATIENCE = timedelta(minutes=10)
"""After this time a fax is taken without its line in the log (log lost, or cut by rotation)."""

_NOT_INTERRUPTED = ("", "0", "no", "false", "none")

Facts = dict[str, str]


class Source(Protocol):
    """Hylafax or Gateway."""

    def begin(self, since: Checkpoint) -> None:
        """A read begins, or an old fax is fetched. Raises: Later, Misconfigured."""
        ...

    def expect(self, waiting: Collection[str]) -> None:
        """Names of the files that are not delivered: nothing need be known about others."""
        ...

    def ready(self, entry: Entry, quiet: timedelta) -> bool: ...

    def describe(self, document: Document) -> tuple[Facts, datetime]:
        """The facts of the call, and when it ended."""
        ...

    def checkpoint(self, waiting: Collection[str], /) -> Checkpoint:
        """What the source has to remember while ``waiting`` are not delivered."""
        ...

    def check(self) -> list[Finding]: ...


class Hylafax:
    """The recvq of a HylaFAX server, with or without its transfer log."""

    def __init__(self, settings: FaxSettings) -> None:
        self._log: TransferLog | None = None
        if settings.transfer_log is not None:
            self._log = TransferLog(settings.transfer_log, ZoneInfo(settings.log_zone))

    def begin(self, since: Checkpoint) -> None:
        if self._log is None:
            return
        try:
            self._log.follow(since)
        except PermissionError:
            raise _log_forbidden(self._log) from None
        except OSError as error:
            raise Later(f"The transfer log cannot be read now ({error.strerror}).") from None

    def ready(self, entry: Entry, quiet: timedelta) -> bool:
        if self._log is None:  # HylaFAX opens the file to others when the call has ended
            return bool(entry.mode & 0o077) or quiet >= CALL_SILENCE
        return self._call(entry) is not None or quiet >= LOG_PATIENCE

    def describe(self, document: Document) -> tuple[Facts, datetime]:
        call = self._call(document.entry)
        if call is None:
            return _facts_from_tags(document), document.modified
        facts = {
            "fax_number": call.number,
            "fax_name": call.name,
            "fax_pages": call.pages,
            "fax_interrupted": call.reason,
        }
        # the file's own time is exact; the log has minutes, and agrees within its slack
        return {name: value for name, value in facts.items() if value}, document.modified

    def expect(self, waiting: Collection[str]) -> None:
        if self._log is not None:
            self._log.keep(waiting)

    def checkpoint(self, waiting: Collection[str], /) -> Checkpoint:
        return self._log.position(waiting) if self._log is not None else {}

    def check(self) -> list[Finding]:
        if self._log is None:
            return []
        try:
            with self._log.path.open("rb"):
                return [Finding("transfer log", True, "The transfer log can be read.")]
        except FileNotFoundError:
            remedy = "Correct transfer_log; right after installation: wait for the first call."
            return [Finding("transfer log", False, "There is no transfer log.", remedy)]
        except OSError:
            problem = _log_forbidden(self._log)
            return [Finding("transfer log", False, problem.reason, problem.remedy)]

    def _call(self, entry: Entry) -> Call | None:
        if self._log is None:
            return None
        changed = datetime.fromtimestamp(entry.mtime_ns / 1e9, UTC)
        return self._log.call(entry.name, changed)


class Gateway:
    """A folder that any fax gateway writes to, with sidecars or telling names."""

    def __init__(self, settings: FaxSettings, context: Context, beside: Surroundings) -> None:
        self._names = settings.sidecar_names
        self._context = context
        self._beside = beside

    def begin(self, since: Checkpoint) -> None:
        """Nothing to read besides the folder."""

    def ready(self, entry: Entry, quiet: timedelta) -> bool:
        return self._beside.complete(entry, quiet, self._context.now())

    def describe(self, document: Document) -> tuple[Facts, datetime]:
        given = self._beside.facts(document)
        tags = _facts_from_tags(document)
        facts = {
            "fax_number": self._value(given, "number") or tags.get("fax_number", ""),
            "fax_name": self._value(given, "name") or tags.get("fax_name", ""),
            "fax_pages": self._value(given, "pages") or tags.get("fax_pages", ""),
            "fax_interrupted": self._interrupted(given),
            PROBLEM: given.get(PROBLEM, ""),
        }
        found = {name: value for name, value in facts.items() if value}
        return found, self._ended(given) or document.modified

    def expect(self, waiting: Collection[str]) -> None:
        """Sidecars are read when their document is."""

    def checkpoint(self, _waiting: Collection[str], /) -> Checkpoint:
        return {}

    def check(self) -> list[Finding]:
        return []

    def _value(self, given: Facts, fact: Fact) -> str:
        theirs = self._names.get(fact, fact).lower()  # names of fields, as the parser gives them
        return given.get(theirs) or given.get(f"fax_{fact}") or given.get(fact) or ""

    def _interrupted(self, given: Facts) -> str:
        value = self._value(given, "interrupted")
        return "" if value.lower() in _NOT_INTERRUPTED else value

    def _ended(self, given: Facts) -> datetime | None:
        """When the call ended. A time that lies ahead is a wrong clock: deadlines run from it."""
        found = moment(self._value(given, "time") or given.get("received_at", ""))
        if found is None or found[0] > self._context.now() + timedelta(days=1):
            return None
        return found[0]


def _facts_from_tags(document: Document) -> Facts:
    """What the fax itself says. HylaFAX writes into ImageDescription, a line each: the station's
    own identification, the call ids, the number that was called."""
    facts = {"fax_pages": str(page_count(document.body) or "")}
    try:
        first = next(directories(document.body))
        lines = first.text(IMAGE_DESCRIPTION).splitlines()[:3]
        if len(lines) == 3:
            facts["fax_number"], facts["fax_name"] = caller(lines[1], lines[2], lines[0])
    except (ValueError, StopIteration):
        pass  # not a TIFF, or cut off: it lands without them
    return {name: value for name, value in facts.items() if value}


def _log_forbidden(log: TransferLog) -> Misconfigured:
    return Misconfigured(
        f"The transfer log {log.path} may not be read.",
        remedy="Add the user that runs this program to HylaFAX's group (uucp on Debian).",
    )
