"""Who may see what of one application, and what can be done with it now: pure.

Departments see that an application exists and how it stands. What people wrote is read by the
department that has it, by one that is asked about it, and by those whose right is every department.
Data-protection requests and reports of fraud are narrower: there that right opens nothing. The
person complained about sees nothing at all.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cases.masking import masked
from cases.rights import Right
from normalizers.schema import Identifiers
from normalizers.text.identifiers import find

FRAUD = "suistimal"
"""Topic, and department, of reports of fraud."""
NARROW_UNITS = ("kisisel-veri", "suistimal", "uyum")
"""Departments that data-protection requests and reports of fraud are the work of."""

Level = Literal["nothing", "status", "reads"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks."""

    login: str
    department: str | None
    rights: Collection[Right]


@dataclass(frozen=True, slots=True)
class Access:
    """``acts``: may work on it. ``may_reveal``: may open what is masked. ``why``: a code for what
    is kept back: ``conflict``, ``restricted``, ``narrow``, ``department``."""

    level: Level
    acts: bool = False
    decides: bool = False
    may_reveal: bool = False
    why: str = ""


def access(
    row: Mapping[str, Any], who: Reader, *, barred: Collection[str], asked: Collection[str]
) -> Access:
    """What this colleague may see of an application. ``barred``: logins in conflict; ``asked``:
    departments with an open question about it."""
    if who.login in barred:
        return Access("nothing", why="conflict")
    if row["restricted_at"] and Right.APPROVE not in who.rights:
        return Access("status", why="restricted")
    mine = who.login == row["assignee"] or _has_it(row, who)
    consulted = who.department is not None and who.department in asked
    if not (mine or consulted):
        return Access("status", why="narrow" if is_narrow(row) else "department")
    acts = mine and Right.HANDLE in who.rights
    decides = mine and Right.APPROVE in who.rights
    return Access("reads", acts, decides, Right.REVEAL in who.rights)


def is_narrow(row: Mapping[str, Any]) -> bool:
    """Whether only those see it who work on it."""
    fraud = (row["topic"] or "").split("/")[0] == FRAUD or row["department"] == FRAUD
    return bool(row["type"] == "data_protection" or fraud)


def _has_it(row: Mapping[str, Any], who: Reader) -> bool:
    if is_narrow(row):
        units = (row["department"], *NARROW_UNITS)
        return who.department is not None and who.department in units
    return Right.EVERY_DEPARTMENT in who.rights or row["department"] in (None, who.department)


def hidden(text: str, found: Identifiers) -> str:
    """A text whose personal identifiers are masked where they stand."""
    for kind in Identifiers.model_fields:
        for one in getattr(found, kind):
            mask = masked(kind, one.value)
            if one.raw and mask != one.value:
                text = text.replace(one.raw, mask)
    return text


def hidden_ours(text: str, row: Mapping[str, Any]) -> str:
    """A text of ours, a note for example: what is found in it is masked, and the applicant's name
    wherever it stands, since we write it in every answer."""
    masked_text = hidden(text, find(text))
    name = row["applicant_name"]
    return masked_text.replace(name, masked("name", name)) if name else masked_text


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done; ``why_not``: a code, where it cannot be done now."""

    name: str
    why_not: str = ""


ACTS = ("assess", "route", "assign", "consult", "ask", "answer", "close", "pause", "cause", "task")


def acts(row: Mapping[str, Any], *, paused: bool | None) -> dict[str, Act]:
    """What can be done as the application stands. ``paused``: None where no internal clock runs."""
    stopped = "duplicate" if row["duplicate_of"] else "closed" * (row["status"] == "closed")
    found = {name: Act(name, stopped) for name in ACTS}
    found["reopen"] = Act("reopen", "" if stopped == "closed" else "open")
    heard = row["status"] in ("answered", "closed")
    found["verdict"] = Act("verdict", "" if heard else "unanswered")
    if not stopped and row["type"] == "unclassified":
        found["close"] = Act("close", "unassessed")
    found["proceeding"] = Act("proceeding", "duplicate" * bool(row["duplicate_of"]))
    found["note"] = Act("note", "duplicate" * bool(row["duplicate_of"]))
    if not stopped and paused is None:
        found["pause"] = Act("pause", "no_clock")
    return found


def next_act(row: Mapping[str, Any], *, waits_for_approval: bool) -> str:
    """The one thing that brings this application forward now."""
    if row["duplicate_of"]:
        return ""
    if row["status"] == "closed":
        return "verdict"
    if row["type"] == "unclassified" or row["status"] == "recorded":
        return "assess"
    if row["status"] == "answered":
        return "close"
    return "approve" if waits_for_approval else "answer"
