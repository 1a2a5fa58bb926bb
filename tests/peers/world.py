"""A whole installation without processes: the real stages over a real database, run by hand.

The clock stands still until a test moves it. The gateway is a stand-in that does as it is told.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from basvuru.bootstrap import readers
from basvuru.office import office
from cases.acknowledgement import Rules
from cases.matters import Policy
from cases.person import OurSelves
from cases.recording import House
from config.settings import Settings
from ingest.contract import Channel, Delivery, RawItem
from normalizers.ocr.engine import OcrEngine
from normalizers.ocr.null import Null
from normalizers.reader import Options
from normalizers.schema import Reading
from storage import channels, views
from storage.blobs import FolderBlobs
from storage.engine import Database
from storage.landing import Landed, Lander
from workers.gateways.contract import Accepted, Callback, Outcome, Receipt, Sms
from workers.pipeline import stages
from workers.toolbox import Toolbox


class ScriptedGateway:
    """Takes every SMS, unless ``answers`` has something else to say next."""

    max_batch = 1
    session = False

    def __init__(self) -> None:
        self.taken: list[Sms] = []
        self.answers: list[Outcome | BaseException] = []
        self.lookups: dict[str, Receipt | bool | None] = {}
        self.receipts_of: list[Receipt] = []

    def submit(self, batch: Sequence[Sms]) -> list[Outcome]:
        return [self._one(sms) for sms in batch]

    def _one(self, sms: Sms) -> Outcome:
        answer = self.answers.pop(0) if self.answers else Accepted(f"p{len(self.taken)}")
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, Accepted):
            self.taken.append(sms)
        return answer

    def lookup(self, sms: Sms, since: datetime) -> Receipt | bool | None:
        return self.lookups.get(sms.reference)

    def receipts(self, callback: Callback) -> list[Receipt]:
        return self.receipts_of

    def poll(self, pending: Sequence[str], since: datetime) -> list[Receipt]:
        return []

    def check(self) -> tuple[bool, str]:
        return True, "scripted"

    def close(self) -> None:
        """Nothing is open."""


class World:
    def __init__(
        self,
        database: Database,
        folder: Path,
        now: datetime,
        answering: frozenset[str] = frozenset(),
        **settings: Any,
    ) -> None:
        self.database, self.moment = database, now
        self.blobs = FolderBlobs(folder / "blobs")
        self.blobs.prepare()
        self.gateway = ScriptedGateway()
        self.ocr: OcrEngine = Null()
        self.channels: dict[str, Channel] = {}
        self.settings = Settings(data=folder, **settings)
        acknowledge, duplicates = self.settings.acknowledgement, self.settings.duplicates
        self.tools = Toolbox(
            settings=self.settings,
            database=database,
            blobs=self.blobs,
            readers=readers(),
            read=self.read,
            house=House(
                us=OurSelves.of(("@sirket.example.test",), "0850 000 00 00"),
                policy=Policy(
                    timedelta(days=duplicates.window_days),
                    duplicates.attach_score,
                    duplicates.suggest_score,
                ),
                rules=Rules(
                    acknowledge.quiet_from,
                    acknowledge.quiet_until,
                    acknowledge.per_sender_hour,
                    acknowledge.per_sender_day,
                ),
                company="Ornek Sigorta",
                phone="0850 000 00 00",
                answering=answering,
                number_key=b"test-key",
                index_key=b"index",
            ),
            office=replace(
                office(self.settings, "https://basvuru.example.test"),
                owns_email=OurSelves.of(("@sirket.example.test",), "").owns_email,
            ),
            gateway=self.gateway,
            now=lambda: self.moment,
            callback_url=lambda reference: f"http://127.0.0.1/hooks/{reference}",
            outgoing=folder / "outgoing",
            open_account=lambda account: self.channels[account],
            contact_url=lambda token: f"https://sirket.example.test/iletisim/{token}",
        )
        self.stages = stages(self.tools)
        readers_ = self.tools.readers
        self.lander = Lander(
            database, self.blobs, lambda kind: readers_[kind].queue if kind in readers_ else "mail"
        )

    def read(self, item: RawItem) -> Reading:
        return self.tools.readers[item.kind].read(item, Options(ocr=self.ocr))

    def land(self, *items: RawItem, account: str = "mail") -> Landed:
        with self.database.write() as connection:
            channels.register(connection, account, "email")
        return self.lander.land(account, Delivery(items), epoch=None, now=self.moment)

    def drain(self, rounds: int = 20) -> None:
        """Ring for everything that is due, until nothing moves any more."""
        for _ in range(rounds):
            bells: dict[str, Collection[int]] = {}
            for stage in self.stages.values():
                bells |= {queue: ids for queue, ids in stage.run(None).items() if ids}
            if not bells and not self.waiting():
                return

    def waiting(self) -> int:
        with self.database.read() as connection:
            return sum(row["waiting"] for row in views.queues(connection, self.moment))

    def receive(self, *items: RawItem, account: str = "mail") -> list[dict[str, Any]]:
        self.land(*items, account=account)
        self.drain()
        return self.applications()

    def applications(self) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return views.applications(connection)

    def quarantine(self) -> Mapping[str, int]:
        with self.database.read() as connection:
            return views.quarantine_causes(connection)

    def ledger(self) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return views.ledger(connection)

    def later(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


def mail(
    text: str,
    *,
    key: str,
    sender: str = "Deneme Kisi <deneme.kisi@example.test>",
    subject: str = "Başvuru",
    message_id: str | None = None,
    headers: Mapping[str, str] | None = None,
    received_at: datetime | None = None,
) -> RawItem:
    """A mail as a channel would bring it."""
    lines = {
        "From": sender,
        "To": "basvuru@sirket.example.test",
        "Subject": subject,
        "Message-ID": f"<{message_id or key}@example.test>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    body = (head + "\r\n" + text.replace("\n", "\r\n")).encode()
    return RawItem(key, "email", body, received_at)
