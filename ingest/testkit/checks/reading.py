"""What a read brings: everything, as it is, in bounded deliveries."""

import json
from datetime import timedelta

from ingest.contract import MAX_ITEMS, Delivery, RawItem
from ingest.testkit.check import Lab, check

MANY = 3 * MAX_ITEMS + 1
"""More items than three full deliveries hold."""
MAX_CHECKPOINT = 64 * 1024
"""Characters of a checkpoint in JSON: it is written in every transaction."""


@check
def everything_is_read(lab: Lab) -> None:
    """One read brings all that the source holds, however many pages that takes."""
    engine = lab.engine()
    count = len(engine.world.bulk(MANY))
    engine.poll()
    assert engine.seen == count, f"{engine.seen} of {count} items were read"


@check
def an_empty_source_yields_nothing(lab: Lab) -> None:
    """An empty source yields no delivery, so that an idle channel costs no transaction."""
    engine = lab.engine()
    channel = engine.open()
    assert list(engine.deliveries(channel)) == [], "a delivery came out of an empty source"
    channel.close()


@check
def a_second_read_brings_what_came_since(lab: Lab) -> None:
    """The engine reads the same open channel again and again; each read looks at the source."""
    engine = lab.engine()
    channel = engine.open()
    for round_ in (1, 2, 3):
        engine.world.put(2)
        engine.drain(channel)
        assert engine.seen == 2 * round_, f"read {round_}: {engine.seen} items, not {2 * round_}"
    channel.close()


@check
def bodies_are_byte_for_byte(lab: Lab) -> None:
    """A body is what the source gave, undecoded: line ends, BOMs and broken bytes stay."""
    engine = lab.engine()
    bodies = set(engine.world.put(5))
    engine.poll()
    changed = [key for key, item in engine.landed.items() if item.body not in bodies]
    assert not changed, f"{len(changed)} bodies are not what the source holds"


@check
def items_are_well_formed(lab: Lab) -> None:
    """An item has a kind, a body in bytes, an aware time or none, and facts that are strings."""
    engine = lab.engine()
    engine.world.put(3)
    engine.poll()
    for item in engine.landed.values():
        assert not _defects(item), f"an item has {', '.join(_defects(item))}"


def _defects(item: RawItem) -> list[str]:
    facts = [*item.facts.keys(), *item.facts.values()]
    when = item.received_at
    found = {
        "no kind": not (isinstance(item.kind, str) and item.kind),
        "a body that is not bytes": not isinstance(item.body, bytes),
        "a received_at without a time zone": when is not None and when.utcoffset() is None,
        "facts that are not strings": not all(isinstance(fact, str) for fact in facts),
    }
    return [name for name, is_so in found.items() if is_so]


@check
def deliveries_are_bounded(lab: Lab) -> None:
    """A delivery is one transaction: at most MAX_ITEMS items and refusals."""
    engine = lab.engine()
    engine.world.bulk(2 * MAX_ITEMS + 1)
    channel = engine.open()
    largest = max((_size(delivery) for delivery in engine.deliveries(channel)), default=0)
    channel.close()
    assert largest <= MAX_ITEMS, f"a delivery holds {largest} items; {MAX_ITEMS} are allowed"


def _size(delivery: Delivery) -> int:
    return len(delivery.items) + len(delivery.refusals)


@check
def checkpoints_are_json(lab: Lab) -> None:
    """A checkpoint is a small JSON object, and comes back from the database equal."""
    engine = lab.engine()
    engine.world.put(3)
    engine.poll()
    for checkpoint in engine.committed:
        text = json.dumps(dict(checkpoint))
        assert json.loads(text) == checkpoint, "a checkpoint changes on its way through JSON"
        assert len(text) <= MAX_CHECKPOINT, f"a checkpoint has {len(text)} characters"


@check
def what_comes_while_reading_is_kept_once(lab: Lab) -> None:
    """New items shift the pages under a reader: none may be lost, none may get a second key."""
    engine = lab.engine()
    count = len(engine.world.bulk(2 * MAX_ITEMS + 1))
    channel = engine.open()
    for number, delivery in enumerate(engine.deliveries(channel)):
        engine.land(delivery)
        delivery.acknowledge()
        if number < 3:
            count += len(engine.world.put(2))
    channel.close()
    engine.poll()
    assert engine.seen == count, f"{engine.seen} keys for {count} items"


@check
def a_wrong_clock_loses_nothing(lab: Lab) -> None:
    """Our clock may be a day off, either way: what is read does not depend on it."""
    for days in (-1, 1):
        engine = lab.engine(skew=timedelta(days=days))
        count = len(engine.world.put(3))
        engine.poll()
        engine.skew = timedelta()
        count += len(engine.world.put(3))
        engine.poll()
        assert engine.seen >= count, f"clock {days:+} d: {engine.seen} of {count} items were read"


CHECKS = (
    everything_is_read,
    an_empty_source_yields_nothing,
    a_second_read_brings_what_came_since,
    bodies_are_byte_for_byte,
    items_are_well_formed,
    deliveries_are_bounded,
    checkpoints_are_json,
    what_comes_while_reading_is_kept_once,
    a_wrong_clock_loses_nothing,
)
