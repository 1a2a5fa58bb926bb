"""Nothing is lost: crashes, restarts, receipts, rewound checkpoints."""

import shutil

from ingest.contract import MAX_ITEMS
from ingest.testkit.check import Lab, check
from ingest.testkit.harness import Die

DEATHS = 5
"""Deliveries at which a process is made to die, one after the other, counted from the first."""


@check
def a_crash_before_landing_loses_nothing(lab: Lab) -> None:
    """Reading is not taking: what was yielded and not landed comes again."""
    engine = lab.engine()
    count = len(engine.world.put(5))
    engine.die(Die.BEFORE_LANDING, at=0)
    engine.poll()
    assert engine.seen >= count, f"{engine.seen} of {count} items are left after a crash"


@check
def a_crash_before_the_receipt_loses_nothing(lab: Lab) -> None:
    """What was landed and never receipted may come again; what follows it must come."""
    _dies_at_every_delivery(lab, Die.BEFORE_RECEIPT)


@check
def a_crash_after_the_receipt_loses_nothing(lab: Lab) -> None:
    """A receipt is for one delivery: it says nothing of those that were not landed yet."""
    _dies_at_every_delivery(lab, Die.AFTER_RECEIPT)


def _dies_at_every_delivery(lab: Lab, where: Die) -> None:
    """Each time on a new source, so that one death does not hide another."""
    for at in range(DEATHS):
        engine = lab.engine()
        count = len(engine.world.bulk(2 * MAX_ITEMS + 1))
        if not engine.die(where, at=at):
            return
        engine.poll()
        lost = count - engine.seen
        assert lost <= 0, (
            f"{lost} of {count} items are lost when we die at delivery {at} {where.value}"
        )


@check
def an_old_checkpoint_reads_again(lab: Lab) -> None:
    """The database was restored from a backup: everything after its checkpoint comes again."""
    engine = lab.engine()
    stages = [dict(engine.checkpoint)]
    for _ in range(3):
        engine.world.put(2)
        engine.poll(receipts=False)
        stages.append(dict(engine.checkpoint))
    for age, checkpoint in enumerate(reversed(stages)):
        engine.landed.clear()
        engine.checkpoint = checkpoint
        engine.world.rewind()
        engine.poll(receipts=False)
        missing = 2 * age - len(engine.landed)
        assert missing <= 0, (
            f"{missing} items do not come again from the checkpoint {age} reads ago"
        )


@check
def a_receipt_may_be_signed_twice(lab: Lab) -> None:
    """The engine signs again after a restart that it cannot tell from the first time."""
    engine = lab.engine()
    count = len(engine.world.put(5))
    channel = engine.open()
    for delivery in engine.deliveries(channel):
        engine.land(delivery)
        delivery.acknowledge()
        delivery.acknowledge()
    channel.close()
    assert engine.seen >= count, f"{engine.seen} of {count} items were read"


@check
def a_receipt_may_never_be_signed(lab: Lab) -> None:
    """A receipt is a courtesy: without any, everything is read and reading comes to its end."""
    engine = lab.engine()
    count = len(engine.world.bulk(2 * MAX_ITEMS + 1))
    channel = engine.open()
    for _ in range(3):
        engine.drain(channel, receipts=False)
    channel.close()
    assert engine.seen >= count, f"{engine.seen} of {count} items were read without receipts"


@check
def the_state_folder_may_be_wiped(lab: Lab) -> None:
    """The folder that the engine lends is a cache: another machine does not have it."""
    engine = lab.engine()
    count = 0
    for _ in range(2):
        count += len(engine.world.put(3))
        engine.poll(receipts=False)
        shutil.rmtree(engine.state_folder)
    assert engine.seen >= count, f"{engine.seen} of {count} items were read after a wipe"


CHECKS = (
    a_crash_before_landing_loses_nothing,
    a_crash_before_the_receipt_loses_nothing,
    a_crash_after_the_receipt_loses_nothing,
    an_old_checkpoint_reads_again,
    a_receipt_may_be_signed_twice,
    a_receipt_may_never_be_signed,
    the_state_folder_may_be_wiped,
)
