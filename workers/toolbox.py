"""What the stages work with; put together once, in :mod:`basvuru.bootstrap`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cases.answers.office import Office
from cases.assessment.suggest import Guesser
from cases.lookups.service import System
from cases.recording import House
from cases.scanning.clamd import Clamd
from config.settings import Settings
from ingest.contract import Channel, RawItem
from normalizers.reader import Reader
from normalizers.schema import Reading
from storage.blobs import BlobStore
from storage.engine import Database
from workers.gateways.contract import Gateway


@dataclass(frozen=True, slots=True)
class Toolbox:
    settings: Settings
    database: Database
    blobs: BlobStore
    readers: Mapping[str, Reader]
    read: Callable[[RawItem], Reading]
    """Reads an item with the reader of its kind. Raises: ReadingFailed, and whatever a defective
    reader raises."""
    house: House
    office: Office
    gateway: Gateway
    now: Callable[[], datetime]
    callback_url: Callable[[str], str]
    """Outbox reference -> signed address for receipts; empty where nobody can call us."""
    outgoing: Path
    """Folder for mails where no SMTP server is set."""
    open_account: Callable[[str], Channel]
    """Opens the channel of an account, to answer in it. Raises ConfigurationError."""
    contact_url: Callable[[str], str]
    """Token of a contact link -> the address that is sent."""
    guesser: Guesser | None = None
    """The classifier, where one was trained."""
    systems: Mapping[str, System] = field(default_factory=dict)
    """Company systems that are asked about applications, by name."""
    clamd: Clamd | None = None
    """The virus scanner, where one is set."""

    @property
    def hold(self) -> timedelta:
        """How long a claim stands when its worker goes silent."""
        return timedelta(seconds=self.settings.workers.claim_seconds)
