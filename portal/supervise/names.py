"""What codes are called, in the visitor's language: the product's and the installation's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from cases.reports import labels
from portal.web.language import language_of
from storage import departments, taxonomy
from storage.engine import Connection

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Names:
    """``names("topic", code)``: branch, topic, cause, department, type, outcome, status …"""

    language: str
    ours: Mapping[str, labels.Names]

    def __call__(self, dimension: str, code: Any) -> str:
        return labels.names(dimension, code, self.ours)[self.language != "tr"]


def names_of(request: Request, connection: Connection) -> Names:
    """Everything that the installation named, read once for a page."""
    units = {
        one.code: (one.name_tr, one.name_en) for one in departments.every(connection, closed=True)
    }
    known = {**labels.known(connection), "department": units}
    return Names(language_of(request), known)


def choices(connection: Connection, names: Names, kind: str) -> Pairs:
    """(code, name) of what can be chosen now: ``department``, ``branch``, ``topic``, ``cause``."""
    if kind == "department":
        codes = [one.code for one in departments.every(connection)]
    else:
        codes = [one.code for one in taxonomy.entries(connection, kind)]
    return [(code, names(kind, code)) for code in codes]
