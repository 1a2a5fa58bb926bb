"""The doorbell: tells workers which rows to look at. Row ids only, never content."""

from collections.abc import Collection, Mapping

from dramatiq import Broker, Message
from structlog import get_logger

from workers.broker import Away

log = get_logger()

ACTOR = "answer"
"""One actor for each stage; its name is the stage's queue with this in front."""

STEPS = "steps"
"""Everything that is quick shares one line: each line that a worker listens to costs idle CPU."""

LINES = {"mail": "mail", "social": "social", "pages": "pages", "enclosures": "pages"}
"""Stages with a line of their own, so that what is quick never waits behind a backlog of them, and
people's mail not behind a day on which everybody posts."""

TURN = {"mail": 1, "social": 2}
"""Of the bells that a worker holds, the lower goes first; 0 where nothing else is said. What has
begun goes before what begins, so that a backlog stays in the line of those who make it instead of
in the one that all share; and people's mail goes before posts."""

MOST = {
    "pages": 1,
    "enclosures": 1,
    "email": 20,
    "letter": 10,
    "sms-unknown": 10,
    "reply": 20,
    "private": 20,
}
"""Rows that one ring names: as many as the stage takes at once; 100 where nothing else is said."""


class Bell:
    """Rings; never raises for a broker that is away, since the sweep rings again."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def ring(self, rows: Mapping[str, Collection[int]]) -> int:
        """Queue -> row ids. Returns how many rows could be rung for."""
        rung = 0
        try:
            for queue, ids in rows.items():
                for some in portions(queue, ids):
                    self._broker.enqueue(_message(queue, some))
                    rung += len(some)
        except Away as error:
            # The rows are committed and due: the sweep finds them when the broker is back.
            log.warning("bell.not_rung", error=type(error).__name__)
        return rung


def portions(queue: str, ids: Collection[int]) -> list[list[int]]:
    """The rows as they are rung for: each portion is as many as one answer sees to."""
    ordered, most = sorted(ids), MOST.get(queue, 100)
    return [ordered[start : start + most] for start in range(0, len(ordered), most)]


def line(queue: str) -> str:
    """The Dramatiq queue on which a stage is rung for."""
    return LINES.get(queue, STEPS)


def actor_name(queue: str) -> str:
    return f"{ACTOR}_{queue}"


def _message(queue: str, ids: list[int]) -> "Message[None]":
    return Message(
        queue_name=line(queue), actor_name=actor_name(queue), args=(ids,), kwargs={}, options={}
    )
