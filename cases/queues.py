"""What the portal sees of the broker: an interface, since only workers know Dramatiq."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class QueueState:
    """``held``: fetched by workers and not finished yet."""

    name: str
    waiting: int
    held: int
    dead: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that no worker could finish: which rows it rang for, and the class of the error."""

    queue: str
    id: str
    at: datetime
    actor: str
    rows: tuple[int, ...]
    error: str


class Letters(Protocol):
    """The broker's queues. Nothing raises for a broker that is away: it is told in the answer."""

    def queues(self) -> Sequence[QueueState] | None:
        """None: the broker does not answer."""
        ...

    def dead(self, queue: str, limit: int = 100) -> Sequence[DeadLetter]:
        """Dead letters, newest first."""
        ...

    def requeue(self, queue: str, letter: str) -> bool:
        """Put it back. False when it is gone, or cannot be read."""
        ...

    def purge(self, queue: str, letter: str) -> bool:
        """Throw it away; the row that it rang for is rung for again anyway."""
        ...


class NoLetters:
    """A portal without a broker."""

    def queues(self) -> Sequence[QueueState] | None:
        return None

    def dead(self, queue: str, limit: int = 100) -> Sequence[DeadLetter]:  # noqa: ARG002
        return ()

    def requeue(self, queue: str, letter: str) -> bool:  # noqa: ARG002
        return False

    def purge(self, queue: str, letter: str) -> bool:  # noqa: ARG002
        return False
