"""The interface of a company system that is asked, and its manual.

An adapter answers one question at a time: given identifiers of an application, which records of the
system belong to it? It keeps no state of ours, never retries, and answers within
``settings.seconds``. It is called in the background; an application never waits for it.

* Nothing found is an empty answer, not an error.
* A system that is away, slow or overloaded raises :class:`NotAnswering`: it is asked again later.
* Settings, rights or a query that cannot work raise :class:`Misconfigured`: an operator is needed.

Facts are shown to people who may see personal data, and are stored with the application. No
identifier, fact or secret stands in an error: errors are logged.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from config.errors import BasvuruError

CONTRACT_VERSION = 1

What = Literal["person", "policy", "claim"]
KEYS: Mapping[What, tuple[str, ...]] = {
    "person": ("tckn", "vkn", "phone", "email"),
    "policy": ("policy", "plate"),
    "claim": ("claim", "plate"),
}
"""What is asked about -> the identifiers that it may be found by, the surest first."""
MOST = 20
"""Records of one answer that are kept."""
LONGEST = 500
"""Characters of one fact."""


class NotAnswering(BasvuruError):
    """The system is away or slow: the question waits, and is asked again."""


class Misconfigured(BasvuruError):
    """It will not answer before an operator mends settings or rights; ``remedy`` says how."""

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        super().__init__(problem)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Question:
    """One identifier to look for. ``value``: normalised as in :mod:`normalizers.schema`."""

    what: What
    key: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the system: what it is called there, and facts as people read them."""

    what: What
    reference: str = field(repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)


class LookupSettings(BaseModel):
    """Base of each adapter's settings, kept beside it. Describe every field."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: str
    """Which adapter: csv, sql, http, or a plugin's."""
    what: What = "policy"
    """What the system knows: person, policy or claim."""
    keys: tuple[str, ...] = ()
    """Identifiers that it is asked by; empty: all that fit ``what``."""
    seconds: Annotated[float, Field(gt=0, le=60)] = 10.0
    """Time that one question may take."""

    @property
    def asked_by(self) -> tuple[str, ...]:
        return self.keys or KEYS[self.what]


class Lookup(Protocol):
    """Called from several threads."""

    def find(self, question: Question) -> Sequence[Record]:
        """Records that belong to an identifier. Raises: NotAnswering, Misconfigured."""
        ...

    def check(self) -> tuple[bool, str]:
        """Whether the system answers, and a sentence. Asks about nobody."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class LookupDeclaration:
    """What stands behind an entry point of the group ``basvuru.lookups``."""

    kind: str
    summary: str
    settings: type[LookupSettings]
    open: Callable[[Any], Lookup]
    contract_version: int = CONTRACT_VERSION


def record(what: What, row: Mapping[str, Any], reference: str) -> Record:
    """A record of a row: empty values left out, long ones cut. ``reference``: the column of its
    name in the system."""
    facts = {
        str(name): str(value)[:LONGEST]
        for name, value in row.items()
        if value is not None and value != ""
    }
    return Record(what, facts.get(reference, ""), facts)
