"""The application that an address names, and what whoever asks may see of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import HTTPException, Request

from cases import dossier as rules
from cases.dossier import Access, Reader
from cases.joining import digits
from cases.rights import rights_of
from portal.services import services
from portal.web.visitor import Staff
from storage import dossier, routing
from storage.engine import Connection

PATH = "/staff/applications/{number}"
OPEN_FOR = timedelta(minutes=30)
"""How long what was opened with a reason stays open for whoever gave it."""


@dataclass(frozen=True, slots=True)
class Case:
    """One application as one colleague may see it. ``open``: personal data are shown whole."""

    row: Mapping[str, Any] = field(repr=False)
    access: Access
    open: bool

    @property
    def id(self) -> int:
        return int(self.row["id"])

    def own(self, text: str) -> str:
        """A text of ours as it may be shown."""
        return text if self.open else rules.hidden_ours(text, self.row)

    @property
    def number(self) -> str:
        return str(self.row["number"])


def entered(connection: Connection, request: Request, who: Staff, number: str) -> Case:
    """The application behind this number. Raises HTTPException 404, and 403 for a conflict."""
    row = dossier.find(connection, digits(number)[:10])
    if row is None:
        raise HTTPException(404)
    asked = {
        one["department"]
        for one in routing.consultations(connection, application_id=row["id"])
        if one["answered_at"] is None
    }
    barred = {one["login"] for one in routing.conflicts(connection, row["id"])}
    reader = Reader(who.login, who.department, rights_of(who.roles))
    found = rules.access(row, reader, barred=barred, asked=asked)
    if found.level == "nothing":
        raise HTTPException(403)
    since = services(request).now() - OPEN_FOR
    opened = found.may_reveal and dossier.revealed_since(connection, who.login, row["id"], since)
    return Case(row, found, bool(opened))


def readable(connection: Connection, request: Request, who: Staff, number: str) -> Case:
    """The same, where its text may be read. Raises HTTPException 403."""
    case = entered(connection, request, who, number)
    if case.access.level != "reads":
        raise HTTPException(403)
    return case
