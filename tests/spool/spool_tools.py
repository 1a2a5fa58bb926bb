"""A desk for the tests of the file channels: a clock that is passed in, a reader that commits."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from ingest.contract import Channel, Context, Declaration, RawItem

SAMPLES = Path(__file__).parents[2] / "samples"


class Clock:
    """The real time, and what was added to it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pass_by(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@dataclass
class Desk:
    """One account: its channel, what was landed of it, and the checkpoint."""

    declaration: Declaration
    table: Mapping[str, Any]
    clock: Clock = field(default_factory=Clock)
    checkpoint: Mapping[str, Any] = field(default_factory=dict)
    landed: dict[str, RawItem] = field(default_factory=dict)
    yielded: int = 0
    stopping: Callable[[], bool] = lambda: False

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new process."""
        settings = self.declaration.settings.model_validate(dict(self.table))
        context = Context("account", structlog.get_logger(), self.clock, stopping=self.stopping)
        self.channel: Channel = self.declaration.open(settings, context)

    def poll(self, *, receipts: bool = True) -> list[RawItem]:
        """Read until there is nothing more; the items that were new."""
        new: list[RawItem] = []
        for delivery in self.channel.read(self.checkpoint):
            new += [item for item in delivery.items if item.source_key not in self.landed]
            self.commit(delivery)
            if receipts:
                delivery.acknowledge()
        return new

    def commit(self, delivery: Any) -> None:
        self.yielded += len(delivery.items)
        for item in delivery.items:
            self.landed.setdefault(item.source_key, item)
        if delivery.checkpoint is not None:
            self.checkpoint = delivery.checkpoint


def put(path: Path, body: bytes, *, age: float = 0.0) -> Path:
    """Write a file; ``age``: seconds since its last change, as its own time has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    if age:
        then = path.stat().st_mtime - age
        os.utime(path, (then, then))
    return path
