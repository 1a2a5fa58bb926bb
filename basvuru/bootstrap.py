"""The composition root: the only place that knows which class stands behind which interface."""

import hmac
import os
import socket
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from secrets import token_hex
from shutil import disk_usage
from typing import TYPE_CHECKING

from structlog import get_logger

from basvuru.front_desk import FrontDesk
from basvuru.office import office
from basvuru.places import Places
from basvuru.reception import StoredReception
from cases.acknowledgement import Rules
from cases.aftercare import Aftercare
from cases.answers.office import Office
from cases.assessment.classifier import Shelf
from cases.health import Around
from cases.lookups.registry import open_lookup
from cases.lookups.service import System
from cases.matters import Policy
from cases.person import OurSelves
from cases.recording import House
from cases.scanning.clamd import Clamd
from config import clock
from config.errors import ConfigurationError
from config.settings import Settings, read_again
from ingest.contract import Channel, Context, RawItem
from ingest.registry import open_channel
from normalizers.ocr.null import Null
from normalizers.reader import Options, Reader
from normalizers.schema import Reading
from storage import installation
from storage.blobs import BlobStore
from storage.engine import Database
from storage.landing import Lander
from workers.bell import Bell
from workers.doorbell import open_doorbell, open_letters
from workers.gateways.contract import Gateway, GatewayContext
from workers.gateways.registry import open_gateway
from workers.held import HeldSwitch
from workers.pipeline import Stage, stages
from workers.reading.pool import ReadingPool
from workers.toolbox import Toolbox

if TYPE_CHECKING:
    from workers.doorbell import Doorbell, Letters


def free_share(folder: Path) -> float:
    """The part of the disk that is free, 0 to 1."""
    usage = disk_usage(folder)
    return usage.free / usage.total if usage.total else 0.0


class Application:
    """One process's parts, each made when it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.places = Places(settings)
        self.holder = f"{socket.gethostname()}/{os.getpid()}/{token_hex(3)}"

    @cached_property
    def database(self) -> Database:
        return Database(self.places.database_url, pool_size=self.settings.database.pool_size)

    @cached_property
    def blobs(self) -> BlobStore:
        return self.places.open_blobs()

    @cached_property
    def broker(self) -> "Doorbell":
        given = self.settings.broker
        return open_doorbell(self.places.broker_url, given.namespace, given.ca)

    @cached_property
    def bell(self) -> Bell:
        return Bell(self.broker)

    @cached_property
    def readers(self) -> Mapping[str, Reader]:
        return readers()

    @cached_property
    def lander(self) -> Lander:
        return Lander(self.database, self.blobs, self.queue_of)

    def queue_of(self, kind: str) -> str:
        """Which queue reads a kind; what nobody can read goes the quick way to the quarantine."""
        return reader.queue if (reader := self.readers.get(kind)) else "mail"

    @cached_property
    def reception(self) -> StoredReception:
        return StoredReception(self.database, self.lander, self.bell, self.holder, clock.now)

    @cached_property
    def front_desk(self) -> FrontDesk:
        return FrontDesk(self.database, self.lander, self.bell, lambda: self.stages, clock.now)

    @cached_property
    def gateway(self) -> Gateway:
        sms = self.settings.sms
        context = GatewayContext(get_logger(gateway=sms.gateway), clock.now)
        return open_gateway(sms.gateway, sms.options, context)

    @cached_property
    def clamd(self) -> Clamd | None:
        """The virus scanner, where one is set. Raises ConfigurationError."""
        given = self.settings.scanning
        if not given.clamd:
            return None
        largest = given.largest_mb * 1_048_576
        return Clamd(given.clamd, seconds=given.seconds, largest=largest)

    @cached_property
    def reading_pool(self) -> ReadingPool:
        return ReadingPool(self.settings.ocr)

    @cached_property
    def is_held(self) -> HeldSwitch:
        return HeldSwitch(self.database)

    @cached_property
    def letters(self) -> "Letters":
        return open_letters(self.broker)

    def around(self) -> Around:
        """How things are outside of the database. A broker that is away is said, not raised."""
        folders = sorted({self.places.data, self.places.blobs}, reverse=True)
        once = {one.stat().st_dev: one for one in folders if one.exists()}
        disks = {str(one): free_share(one) for one in once.values()}
        found = self.letters.count()
        return Around(disks, broker=found is not None, dead_letters=found or 0)

    def read(self, item: RawItem) -> Reading:
        """Documents in a child process, the rest here: what the mail reader opens is bounded."""
        reader = self.readers[item.kind]
        if reader.queue == "pages":
            return self.reading_pool.read(item)
        return reader.read(item, Options(ocr=Null()))

    def check_keys(self) -> None:
        """Raises ConfigurationError when a key is not the one that this database was written with:
        numbers would collide, and people would not be found again."""
        names = ("number_key", "index_key")
        with self.database.write() as connection:
            other = installation.other_keys(connection, {n: self.places.key(n) for n in names})
        if other:
            named = " and ".join(f"secrets.{name}" for name in other)
            raise ConfigurationError(
                f"{named}: not what this database was written with.",
                remedy="Give every process the same keys. A new number_key at a year's end: "
                "`basvuru db accept-keys`.",
            )

    def context(self, account: str, stopping: Callable[[], bool] = lambda: False) -> Context:
        """What the channel of an account is lent. Its folder is shared by all who open the account
        on this machine: a token that one of them renewed counts for the others."""
        folder = self.places.state_folder(account)
        return Context(
            account=account,
            log=get_logger(channel=account),
            now=clock.now,
            stopping=stopping,
            state_folder=folder if folder.is_dir() else None,
        )

    def open_account(self, account: str, stopping: Callable[[], bool] = lambda: False) -> Channel:
        """The channel of ``[channels.ACCOUNT]``, as it stands there now: a new password or token
        counts from the next time on that the account is opened. Raises ConfigurationError."""
        tables = Places(read_again(self.settings)).channels
        if account not in tables:
            raise ConfigurationError(
                f"There is no channel {account} any more.",
                remedy=f"Put [channels.{account}] back, or meet the duty on another way.",
            )
        return open_channel(account, tables[account], self.context(account, stopping))

    def contact_url(self, token: str) -> str:
        """The page on which an applicant gives contact details."""
        return f"{self.base_url}/iletisim/{token}"

    @cached_property
    def house(self) -> House:
        self.check_keys()
        company, ack = self.settings.company, self.settings.acknowledgement
        duplicates = self.settings.duplicates
        return House(
            us=OurSelves.of(company.own_addresses, company.phone),
            policy=Policy(
                timedelta(days=duplicates.window_days),
                duplicates.attach_score,
                duplicates.suggest_score,
            ),
            rules=Rules(ack.quiet_from, ack.quiet_until, ack.per_sender_hour, ack.per_sender_day),
            company=company.short_name,
            phone=company.phone,
            language=ack.language,
            aftercare=Aftercare(
                self.settings.deadlines.half_day_counts, tuple(self.settings.lookups)
            ),
            answering=frozenset(
                name for name, one in self.places.channels.items() if one.get("acknowledge_here")
            ),
            number_key=self.places.key("number_key"),
            index_key=self.places.key("index_key"),
        )

    @cached_property
    def office(self) -> Office:
        return office(self.settings, self.base_url)

    @cached_property
    def tools(self) -> Toolbox:
        return Toolbox(
            settings=self.settings,
            database=self.database,
            blobs=self.blobs,
            readers=self.readers,
            read=self.read,
            house=self.house,
            office=self.office,
            gateway=self.gateway,
            now=clock.now,
            callback_url=self.callback_url,
            outgoing=self.places.outgoing,
            open_account=self.open_account,
            contact_url=self.contact_url,
            guesser=self.shelf,
            systems=self.systems,
            clamd=self.clamd,
        )

    @cached_property
    def shelf(self) -> Shelf:
        return Shelf(self.places.classifier)

    @cached_property
    def systems(self) -> dict[str, System]:
        """Company systems. Raises ConfigurationError for one that is described wrongly."""
        tables = self.settings.lookups
        return {name: System(name, *open_lookup(name, table)) for name, table in tables.items()}

    @cached_property
    def stages(self) -> dict[str, Stage]:
        return stages(self.tools)

    @property
    def base_url(self) -> str:
        portal = self.settings.portal
        return portal.base_url.rstrip("/") or f"http://{portal.host}:{portal.port}"

    def callback_url(self, reference: str) -> str:
        """Where a gateway may post the receipt of one SMS; signed, since gateways do not log in."""
        path = f"sms/{self.settings.sms.gateway}/{reference}"
        return f"{self.base_url}/hooks/{path}/{self.signature(path)}"

    def signature(self, path: str) -> str:
        """Of one address, named by its whole path: one for an SMS opens no other door."""
        key = self.places.key("callback_key")
        return hmac.digest(key, path.encode(), "sha256").hex()[:24]

    def is_signed(self, path: str, signature: str) -> bool:
        return hmac.compare_digest(self.signature(path).encode(), signature.encode())

    def close(self) -> None:
        """Let go of what was opened."""
        for system in self.__dict__.get("systems", {}).values():
            system.lookup.close()
        for name in ("reading_pool", "gateway", "broker", "database"):
            if name in self.__dict__:
                self.__dict__[name].close()


def readers() -> dict[str, Reader]:
    """Every installed reader, by kind. Raises ConfigurationError for one that does not load."""
    found: dict[str, Reader] = {}
    for point in entry_points(group="basvuru.readers"):
        try:
            reader = point.load()
        except (ImportError, AttributeError) as error:
            raise ConfigurationError(
                f"The reader {point.name!r} ({point.value}) cannot be loaded: {error}.",
                remedy="Repair or uninstall its package.",
            ) from error
        if not isinstance(reader, Reader):
            raise ConfigurationError(f"The reader {point.name!r} ({point.value}) is no Reader.")
        found[point.name] = reader
    return found
