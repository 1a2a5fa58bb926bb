"""Source keys: the same for the same item, always; different for different ones."""

from datetime import timedelta
from itertools import zip_longest

from ingest.contract import MAX_SOURCE_KEY, Channel
from ingest.testkit.check import Lab, check
from ingest.testkit.harness import Engine


@check
def keys_fit(lab: Lab) -> None:
    """A key is not empty and at most MAX_SOURCE_KEY characters; longer ones are hashed."""
    engine = lab.engine()
    engine.world.put(3)
    engine.poll()
    for key in engine.landed:
        assert 0 < len(key) <= MAX_SOURCE_KEY, f"a key has {len(key)} characters"


@check
def equal_items_have_different_keys(lab: Lab) -> None:
    """Two items that are equal to the byte are two items: who writes twice is heard twice."""
    engine = lab.engine()
    engine.world.twins()
    engine.poll()
    assert engine.seen == 2, f"two equal items got {engine.seen} key(s)"


@check
def keys_are_stable(lab: Lab) -> None:
    """The key is the same on every read, on another day and on another machine."""
    first = lab.engine()
    first.world.put(5)
    second = lab.engine(first.world, skew=timedelta(days=1))
    first.poll(receipts=False)
    second.poll(receipts=False)
    changed = second.landed.keys() - first.landed.keys()
    assert not changed, f"{len(changed)} of 5 items got another key on the second read"


@check
def two_processes_at_once_agree(lab: Lab) -> None:
    """When a lease is lost two processes read one account for a while, step by step, and sign each
    other's receipts: nothing breaks, nothing is lost, nothing has two keys."""
    one = lab.engine()
    two = lab.engine(one.world)
    count = len(one.world.put(5))
    channels = (one.open(), two.open())
    steps = zip_longest(one.deliveries(channels[0]), two.deliveries(channels[1]))
    for engine, delivery in (
        (e, d) for pair in steps for e, d in zip((one, two), pair, strict=True)
    ):
        if delivery is not None:
            engine.land(delivery)
            delivery.acknowledge()
    for channel in channels:
        channel.close()
    keys = one.landed.keys() | two.landed.keys()
    assert len(keys) == count, f"{len(keys)} keys for {count} items"


@check
def a_redelivered_item_keeps_its_key(lab: Lab) -> None:
    """The source may show an item again as if it were new (a hook that is called twice, a folder
    that was restored): the key says that it is the same."""
    engine = lab.engine()
    count = len(engine.world.put(3))
    engine.poll(receipts=False)
    engine.world.redeliver()
    engine.poll(receipts=False)
    assert engine.seen == count, f"{count} items have {engine.seen} keys after a redelivery"


@check
def an_item_can_be_fetched_again(lab: Lab) -> None:
    """``fetch_again`` gives the item that has this key, whole."""
    engine, channel = _read_three(lab)
    engine.world.recall()
    for key, item in engine.landed.items():
        again = channel.fetch_again(key)
        assert again.source_key == key, "fetch_again gave an item with another key"
        assert again.body == item.body, "fetch_again gave another body"
    channel.close()


@check
def an_unknown_key_is_refused(lab: Lab) -> None:
    """``fetch_again`` raises Refused for an item that the source does not have."""
    _, channel = _read_three(lab)
    try:
        channel.fetch_again("no-such-item")
    except Exception as error:  # noqa: BLE001  whatever it is, its class is what is checked
        assert type(error).__name__ == "Refused", f"{type(error).__name__} instead of Refused"
    else:
        raise AssertionError("an item came for a key that nobody has")
    channel.close()


def _read_three(lab: Lab) -> tuple[Engine, Channel]:
    engine = lab.engine()
    engine.world.put(3)
    channel = engine.open()
    engine.drain(channel, receipts=False)
    return engine, channel


CHECKS = (
    keys_fit,
    equal_items_have_different_keys,
    keys_are_stable,
    two_processes_at_once_agree,
    a_redelivered_item_keeps_its_key,
    an_item_can_be_fetched_again,
    an_unknown_key_is_refused,
)
