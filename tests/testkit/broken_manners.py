"""Broken channels: manners, privacy and settings. See ``testkit_broken``."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from pydantic import ConfigDict, Field
from testkit_memory import (
    Denied,
    MemoryChannel,
    MemorySettings,
    Stored,
)

from ingest.contract import Checkpoint, Delivery, RawItem, Refusal
from ingest.errors import Misconfigured


class ReadsOnWhenStopping(MemoryChannel):
    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        position = since.get("after", 0)
        while page := self.page(position):
            position = page[-1].position
            yield self.delivery(page, position)


class WaitsTooLong(MemoryChannel):
    def wait(self, timeout: timedelta) -> None:
        if not self.context.stopping():
            self.source.gone.wait(60)


class WaitsOutItsTime(MemoryChannel):
    def wait(self, timeout: timedelta) -> None:
        self.source.gone.wait(timeout.total_seconds())


class ClosesOnce(MemoryChannel):
    def close(self) -> None:
        del self.source


class ShowsItsPassword(MemoryChannel):
    def __repr__(self) -> str:
        return f"MemoryChannel({self.settings.password.get_secret_value()!r})"


class FailsWithItsPassword(MemoryChannel):
    def failure(self, error: Exception) -> Exception:
        if isinstance(error, Denied):
            password = self.settings.password.get_secret_value()
            return Misconfigured(f"{password} is refused.", remedy="Set `password`.")
        return super().failure(error)


class LogsItsPassword(MemoryChannel):
    def page(self, position: int) -> list[Stored]:
        self.context.log.debug("login", password=self.settings.password.get_secret_value())
        return super().page(position)


class LogsTheSender(MemoryChannel):
    def item(self, stored: Stored) -> RawItem:
        self.context.log.info("read", sender=stored.name)
        return super().item(stored)


class QuotesWhatItRefuses(MemoryChannel):
    def refusal(self, stored: Stored) -> Refusal:
        return Refusal(self.key(stored), f"the message of {stored.name} has no body")


class UndescribedSettings(MemorySettings):
    folder: str = "INBOX"


class PlainTokenSettings(MemorySettings):
    access_token: str = ""
    """What the other service asks for."""


class SampleLessSettings(MemorySettings):
    region: Annotated[str, Field(pattern=r"^[0-9]{2}$")]
    """Two digits."""


class ForgivingSettings(MemorySettings):
    model_config = ConfigDict(extra="ignore")
