"""A worker process: Dramatiq's worker over our stages.

One process, some threads, its own signal handling: SIGTERM drains, a second one stops at once.
Many workers are many of these processes, so a dying one takes nobody with it.
"""

from collections.abc import Callable, Collection, Mapping

import dramatiq
from structlog import get_logger

from storage.engine import Unavailable
from workers.bell import STEPS, TURN, Bell, actor_name, line
from workers.pipeline import Stage

log = get_logger()

IDLE_MS = 50
"""Longest sleep of an idle consumer; bounds the latency of a bell, costs 3 % of a core."""

FAST = ("mail", "social", STEPS)
PAGES = ("pages",)
"""Lines that a worker may listen to."""


def declare(
    broker: dramatiq.Broker,
    stages: Mapping[str, Stage],
    bell: Bell,
    is_held: Callable[[], bool] = lambda: False,
) -> None:
    """Make one actor for each stage. Nothing here runs before the worker starts.

    While ``is_held`` (maintenance mode) bells are not answered: the rows stay, and the sweep rings
    again afterwards.
    """
    for queue, stage in stages.items():
        declare_actor = dramatiq.actor(
            actor_name=actor_name(queue),
            queue_name=line(queue),
            priority=TURN.get(queue, 0),
            broker=broker,
        )
        declare_actor(_answer(stage, bell, is_held))


def _answer(stage: Stage, bell: Bell, is_held: Callable[[], bool]) -> Callable[[list[int]], None]:
    """Sees to whatever is due, the oldest first, not only to what was rung for: while messages come
    one by one, faster than one by one they can be seen to, batches grow until they can."""

    def answer(_ids: list[int]) -> None:
        try:
            if not is_held():
                bell.ring(stage.run(None))
        except (*Unavailable, OSError) as error:
            # Nothing is lost: the rows stay as they are, and the sweep rings again.
            log.warning("stage.storage_away", queue=stage.queue, error=type(error).__name__)
        except Exception:
            # A defect of ours: it is logged, the rows' claims run out, and they are tried again.
            log.exception("stage.defect", queue=stage.queue)

    return answer


def start(broker: dramatiq.Broker, queues: Collection[str], threads: int) -> "dramatiq.Worker":
    """Start consuming. The caller keeps the process alive and calls ``stop`` in the end."""
    worker = dramatiq.Worker(
        broker, queues=set(queues), worker_threads=threads, worker_timeout=IDLE_MS
    )
    worker.start()
    return worker
