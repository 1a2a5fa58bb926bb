"""What the portal asks of the house. The composition root hands it in."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fastapi import Request

from cases.answers.office import Office
from cases.health import Around
from cases.queues import Letters, NoLetters
from cases.scanning.clamd import Clamd
from config.sections import Company, Deadlines, Operations, Portal, Reports
from ingest.contract import Delivery
from portal.channel_hooks import Receive
from portal.intake import Intake
from portal.staff.oidc import Provider
from portal.web.limits import Limiter
from portal.web.shared import Shared
from storage.engine import Database


@dataclass(frozen=True, slots=True)
class Services:
    """One portal's parts. What has a default works without the rest of the house."""

    database: Database
    now: Callable[[], datetime]
    ring: Callable[[Mapping[str, Collection[int]]], object]
    """Rings: queue -> row ids."""
    receive: Receive
    """Takes what a source posts to one of its accounts."""
    is_signed: Callable[[str, str], bool]
    """(path below /hooks, signature) -> whether we made that address."""
    company: Company = field(default_factory=Company)
    portal: Portal = field(default_factory=Portal)
    key: bytes = b""
    """Seals what staff must be able to use and nobody to read: keys of one-time codes."""
    provider: Provider | None = None
    """Where staff may sign in instead of here."""
    letters: Letters = field(default_factory=NoLetters)
    """The broker's queues."""
    around: Callable[[], Around] = Around
    """How disks and broker are."""
    raw: Callable[[str], bytes] | None = None
    """SHA-256 -> what reached us, byte for byte. Raises KeyError, OSError."""
    queue_of: Callable[[str], str] = lambda _kind: "mail"
    """Kind of an item -> the queue of its reader."""
    land: Callable[[str, Delivery], object] | None = None
    """Stores what was brought to an account; None: nobody can mend anything here."""
    operations: Operations = field(default_factory=Operations)
    base_url: str = "http://127.0.0.1:8600"
    """Where people reach us; https here makes cookies and headers strict about it."""
    half_days: bool = True
    """Whether half holidays are working days; see ``[deadlines]``."""
    office: Office | None = None
    """What answering knows of us; None: nobody is answered from this portal."""
    reports: Reports = field(default_factory=Reports)
    deadlines: Deadlines = field(default_factory=Deadlines)
    classifier: Path | None = None
    """Where the trained classifier lies, if one was trained."""
    limiter: Limiter = field(default_factory=Limiter)
    shared: Shared = field(default_factory=Shared)
    """What many look at, looked up once."""
    intake: Intake | None = None
    """How what people bring is handed over; None: this portal takes nothing."""
    clamd: Clamd | None = None
    """The virus scanner; None: files are not scanned."""

    @property
    def complaint_unit(self) -> str:
        """Department that has what no rule routes."""
        return self.deadlines.complaint_unit

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


def services(request: Request) -> Services:
    """The services of the portal that serves this request."""
    found: Services = request.app.state.services
    return found
