"""Changing what can be chosen: branches, topics of two levels, causes. Nothing is deleted: what was
chosen before keeps its name, and reports of a day use the names of that day."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.errors import BasvuruError
from storage import taxonomy
from storage.engine import Connection

KINDS = ("branch", "topic", "cause")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)?")


class NoSuchEntry(BasvuruError):
    """The code is not in the taxonomy, or the change makes no sense; nothing was changed."""


def check(connection: Connection, kind: str, code: str | None) -> str | None:
    """The code again, if it can be chosen now (or is None). Raises NoSuchEntry."""
    if code is not None:
        found = taxonomy.entry(connection, kind, code)
        if found is None or found.until is not None:
            raise NoSuchEntry(f"There is no {kind} {code!r} to choose.")
    return code


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry as a supervisor writes it. A topic ``a/b`` belongs to ``a``. What is None stays as
    it was, or comes last."""

    kind: str
    code: str
    name_tr: str
    name_en: str
    position: int | None = None
    regulator_code: str | None = None


def put(connection: Connection, new: NewEntry, *, by: str, note: str = "", now: datetime) -> None:
    """Add an entry, rename one, or bring a retired one back.

    Raises NoSuchEntry when the code has no form, or its parent cannot be chosen.
    """
    parent = _parent(connection, new)
    old = taxonomy.entry(connection, new.kind, new.code)
    position = new.position if new.position is not None else (old.position if old else 1000)
    taxonomy.end(connection, new.kind, new.code, now)
    values: dict[str, Any] = {
        "kind": new.kind,
        "code": new.code,
        "parent": parent,
        "name_tr": new.name_tr.strip(),
        "name_en": new.name_en.strip(),
        "position": position,
        "regulator_code": new.regulator_code or (old.regulator_code if old else None),
    }
    taxonomy.add(connection, values, by=by, note=note, now=now)


def _parent(connection: Connection, new: NewEntry) -> str | None:
    if new.kind not in KINDS or not _CODE.fullmatch(new.code) or len(new.code) > 60:
        raise NoSuchEntry(f"{new.code!r} is no code: small letters, digits, hyphens, as in a-b/c.")
    parent = new.code.rpartition("/")[0] or None
    if parent and new.kind != "topic":
        raise NoSuchEntry(f"A {new.kind} has no levels.")
    if not (new.name_tr.strip() and new.name_en.strip()):
        raise NoSuchEntry("An entry needs a Turkish and an English name.")
    return check(connection, new.kind, parent)


def retire(connection: Connection, kind: str, code: str, *, now: datetime) -> None:
    """The code, and its sub-topics, cannot be chosen any more. Raises NoSuchEntry."""
    if not taxonomy.end(connection, kind, code, now):
        raise NoSuchEntry(f"There is no {kind} {code!r}.")
    for one in taxonomy.entries(connection, kind):
        if one.parent == code:
            taxonomy.end(connection, kind, one.code, now)
