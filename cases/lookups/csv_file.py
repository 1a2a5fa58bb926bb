"""A CSV file that another system writes, read again when it changes. For what has no interface."""

import csv
import io
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from cases.lookups.contract import (
    MOST,
    LookupDeclaration,
    LookupSettings,
    Misconfigured,
    NotAnswering,
    Question,
    Record,
    record,
)

LARGEST = 200 * 1024 * 1024


class CsvSettings(LookupSettings):
    file: Path
    """The file: UTF-8 or Windows-1254, with a line of column names."""
    columns: dict[str, str]
    """Identifier -> its column, for example ``policy = "POLICE_NO"``."""
    reference: str
    """Column that names a record."""
    delimiter: str = ";"
    """Between columns."""


class CsvLookup:
    def __init__(self, settings: CsvSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._index: dict[tuple[str, str], list[Mapping[str, str]]] = {}

    def find(self, question: Question) -> Sequence[Record]:
        rows = self._rows().get((question.key, _plain(question.value)), [])[:MOST]
        return [record(question.what, row, self.settings.reference) for row in rows]

    def check(self) -> tuple[bool, str]:
        try:
            rows = self._rows()
        except (Misconfigured, NotAnswering) as error:
            return False, str(error)
        return True, f"{len(rows)} identifiers in the file"

    def close(self) -> None:
        """Nothing is open."""

    def _rows(self) -> dict[tuple[str, str], list[Mapping[str, str]]]:
        with self._lock:
            try:
                status = self.settings.file.stat()
                stamp = (status.st_mtime_ns, status.st_size)
                if stamp != self._stamp:
                    self._index = self._read(status.st_size)
                    self._stamp = stamp
            except OSError as error:
                # Whoever writes it may be replacing it at this moment.
                raise NotAnswering(f"The file cannot be read ({type(error).__name__}).") from None
            return self._index

    def _read(self, size: int) -> dict[tuple[str, str], list[Mapping[str, str]]]:
        if size > LARGEST:
            raise Misconfigured("The file is larger than 200 MB.", remedy="Use kind = 'sql'.")
        data = self.settings.file.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1254", errors="replace")
        reader = csv.DictReader(io.StringIO(text), delimiter=self.settings.delimiter)
        wanted = {*self.settings.columns.values(), self.settings.reference}
        if missing := wanted - set(reader.fieldnames or ()):
            raise Misconfigured(
                f"The file lacks the columns {', '.join(sorted(missing))}.",
                remedy="Correct `columns` and `reference`, or whoever writes the file.",
            )
        index: dict[tuple[str, str], list[Mapping[str, str]]] = {}
        for row in reader:
            facts = {name: value for name, value in row.items() if isinstance(value, str) and name}
            for key, column in self.settings.columns.items():
                if value := _plain(facts.get(column, "")):
                    index.setdefault((key, value), []).append(facts)
        return index


def _plain(value: str) -> str:
    """Letters and digits alone: systems write numbers with blanks, slashes and hyphens."""
    return "".join(c for c in value.upper() if c.isascii() and c.isalnum())


LOOKUP = LookupDeclaration("csv", "A CSV file that another system writes.", CsvSettings, CsvLookup)
