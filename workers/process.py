"""A worker process: Dramatiq's worker over our stages.

One process, some threads, its own signal handling: SIGTERM drains, a second one stops at once.
Many workers are many of these processes, so a dying one takes nobody with it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import dramatiq
from structlog import get_logger

from storage.engine import Unavailable
from workers.bell import STEPS, TURN, Bell, actor_name, line, portions
from workers.pipeline import Bells, Stage

log = get_logger()

IDLE_MS = 50
"""Longest sleep of a consumer that cannot sleep in the broker; bounds the latency of a bell."""

FAST = ("mail", "social", STEPS)
PAGES = ("pages",)
"""Lines that a worker may listen to."""

AT_ONCE = ("record", "sms")
"""The way to the acknowledgement: who made these due sees to them without a bell, since an
applicant waits. Workers that listen to ``STEPS`` do, others have no session with the gateway."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Answers bells. Sees to whatever is due, the oldest first, not only to what was rung for:
    while messages come one by one, faster than one by one they can be seen to, batches grow until
    they can. While ``is_held`` (maintenance mode) no bell is answered: the rows stay, and the sweep
    rings again afterwards."""

    stages: Mapping[str, Stage]
    bell: Bell
    at_once: Collection[str] = ()
    is_held: Callable[[], bool] = lambda: False

    def answer(self, queue: str) -> None:
        """Others are rung for first: a gateway that hangs holds up this hand, and nobody else."""
        bells = self._run(queue)
        self.bell.ring({after: ids for after, ids in bells.items() if after not in self.at_once})
        for after in self.at_once:
            for _ in portions(after, bells.get(after, ())):
                self.answer(after)

    def _run(self, queue: str) -> Bells:
        try:
            return {} if self.is_held() else self.stages[queue].run(None)
        except (*Unavailable, OSError) as error:
            # Nothing is lost: the rows stay as they are, and the sweep rings again.
            log.warning("stage.storage_away", queue=queue, error=type(error).__name__)
        except Exception:
            # A defect of ours: it is logged, the rows' claims run out, and they are tried again.
            log.exception("stage.defect", queue=queue)
        return {}


def declare(broker: dramatiq.Broker, hand: Hand) -> None:
    """Make one actor for each stage. Nothing here runs before the worker starts."""
    for queue in hand.stages:
        declare_actor = dramatiq.actor(
            actor_name=actor_name(queue),
            queue_name=line(queue),
            priority=TURN.get(queue, 0),
            broker=broker,
        )
        declare_actor(_actor(hand, queue))


def _actor(hand: Hand, queue: str) -> Callable[[list[int]], None]:
    def answer(_ids: list[int]) -> None:
        hand.answer(queue)

    return answer


def start(broker: dramatiq.Broker, queues: Collection[str], threads: int) -> "dramatiq.Worker":
    """Start consuming. The caller keeps the process alive and calls ``stop`` in the end."""
    worker = dramatiq.Worker(
        broker, queues=set(queues), worker_threads=threads, worker_timeout=IDLE_MS
    )
    worker.start()
    return worker
