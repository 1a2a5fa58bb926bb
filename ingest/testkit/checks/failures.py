"""Only three failures leave a channel, and one bad item stops nothing."""

from collections.abc import Callable
from datetime import timedelta

from ingest.contract import MAX_ITEMS, Channel, Finding
from ingest.errors import ChannelError, Later, Misconfigured
from ingest.testkit.check import Lab, check
from ingest.testkit.harness import Engine


@check
def a_cut_connection_means_later(lab: Lab) -> None:
    """A source that cannot be reached is Later, and when it is back everything is read."""
    engine = lab.engine()
    count = len(engine.world.put(3))
    engine.world.cut()
    failure = failure_of(engine.poll)
    assert isinstance(failure, Later), f"{_name(failure)} instead of Later"
    engine.world.mend()
    engine.poll()
    assert engine.seen >= count, f"{engine.seen} of {count} items were read after the cut"


@check
def a_cut_in_the_middle_loses_nothing(lab: Lab) -> None:
    """A read that breaks off between two deliveries goes on where it was, with a new channel; the
    broken one can still be closed."""
    engine = lab.engine()
    count = len(engine.world.bulk(2 * MAX_ITEMS + 1))
    channel = engine.open()
    failure = failure_of(lambda: _cut_after_one_delivery(engine, channel))
    assert failure is None or isinstance(failure, Later), f"{_name(failure)} instead of Later"
    channel.close()
    engine.world.mend()
    engine.poll()
    assert engine.seen >= count, f"{engine.seen} of {count} items were read around the cut"


@check
def a_throttle_with_a_time_is_obeyed(lab: Lab) -> None:
    """When the source says how long to wait, Later says it too."""
    engine = lab.engine()
    engine.world.put(3)
    engine.world.throttle(timedelta(seconds=90))
    failure = failure_of(engine.poll)
    assert isinstance(failure, Later), f"{_name(failure)} instead of Later"
    assert failure.after == timedelta(seconds=90), f"asked to wait 90 s, said {failure.after}"


@check
def a_throttle_without_a_time_means_later(lab: Lab) -> None:
    """When the source does not say how long, the engine decides."""
    engine = lab.engine()
    engine.world.put(3)
    engine.world.throttle(None)
    failure = failure_of(engine.poll)
    assert isinstance(failure, Later), f"{_name(failure)} instead of Later"


@check
def a_dead_credential_is_misconfigured(lab: Lab) -> None:
    """Nobody but the operator can help: Misconfigured, with a remedy to act on."""
    engine = lab.engine()
    engine.world.put(3)
    engine.world.kill_credential()
    failure = failure_of(engine.poll)
    assert isinstance(failure, Misconfigured), f"{_name(failure)} instead of Misconfigured"
    assert failure.reason.strip(), "the failure has no reason"
    assert failure.remedy.strip(), "the failure has no remedy"


@check
def a_huge_item_lands_with_a_problem(lab: Lab) -> None:
    """An item above the limit lands as its head with ``problem`` set; its neighbours are whole."""
    engine = lab.engine()
    count = len(engine.world.put(2))
    size = engine.world.huge()
    count += 1 + len(engine.world.put(2))
    engine.poll()
    assert engine.seen >= count, f"{engine.seen} of {count} items were read around a huge one"
    marked = [item for item in engine.landed.values() if item.problem]
    assert len(marked) == 1, f"{len(marked)} items have a problem; the huge one should"
    assert len(marked[0].body) < size, "the whole of the huge item was downloaded"


@check
def a_huge_item_can_be_fetched_whole(lab: Lab) -> None:
    """An operator may ask for the huge item: ``fetch_again`` knows no limit."""
    engine = lab.engine()
    size = engine.world.huge()
    channel = engine.open()
    engine.drain(channel, receipts=False)
    marked = [key for key, item in engine.landed.items() if item.problem]
    for key in marked or engine.landed:
        again = channel.fetch_again(key)
        assert again.problem is None, "fetch_again gave the item with a problem"
        assert len(again.body) == size, f"{len(again.body)} of {size} bytes were fetched again"
    channel.close()


@check
def a_malformed_item_stops_nothing(lab: Lab) -> None:
    """An item that the source mangled lands or is refused, and is counted; the others go on."""
    engine = lab.engine()
    count = len(engine.world.put(2))
    engine.world.malformed()
    count += 1 + len(engine.world.put(2))
    engine.poll()
    assert engine.seen >= count, f"{engine.seen} of {count} items were accounted for"


@check
def hostile_names_and_encodings_are_read(lab: Lab) -> None:
    """Names and encodings that nobody checked stop nothing, and make no key that breaks a log
    or a database: valid Unicode, no control characters."""
    engine = lab.engine()
    count = len(engine.world.put(1)) + len(engine.world.hostile()) + len(engine.world.put(1))
    engine.poll()
    assert engine.seen >= count, f"{engine.seen} of {count} items were read among hostile ones"
    for key in engine.landed.keys() | engine.refused.keys():
        assert key.isprintable(), "a key has control characters or is not valid Unicode"


@check
def the_check_of_a_sound_source_is_all_right(lab: Lab) -> None:
    """``check`` on a source that works finds at least one thing, and nothing wrong."""
    engine = lab.engine()
    engine.world.put(1)
    findings = _findings(engine)
    assert findings, "check() looked at nothing"
    wrong = [finding.subject for finding in findings if not finding.ok]
    assert not wrong, f"check() complains about a sound source: {', '.join(wrong)}"


@check
def the_check_of_a_cut_source_says_what_to_do(lab: Lab) -> None:
    """``check`` raises nothing, and has a remedy for what it finds."""
    engine = lab.engine()
    engine.world.cut()
    _expect_remedies(_findings(engine))


@check
def the_check_of_a_dead_credential_says_what_to_do(lab: Lab) -> None:
    """``check`` sees a password that no longer holds, before a message is missed."""
    engine = lab.engine()
    engine.world.kill_credential()
    _expect_remedies(_findings(engine))


def failure_of(action: Callable[[], object]) -> ChannelError | None:
    """The failure that the contract allows, if one came. Any other exception goes through."""
    try:
        action()
    except ChannelError as failure:
        return failure
    return None


def _cut_after_one_delivery(engine: Engine, channel: Channel) -> None:
    for number, delivery in enumerate(engine.deliveries(channel)):
        engine.land(delivery)
        if number == 0:
            engine.world.cut()


def _findings(engine: Engine) -> list[Finding]:
    channel = engine.open()
    try:
        return list(channel.check())
    finally:
        channel.close()


def _expect_remedies(findings: list[Finding]) -> None:
    wrong = [finding for finding in findings if not finding.ok]
    assert wrong, "check() finds nothing wrong"
    silent = [finding.subject for finding in wrong if not finding.remedy.strip()]
    assert not silent, f"no remedy for: {', '.join(silent)}"


def _name(failure: ChannelError | None) -> str:
    return "no failure" if failure is None else type(failure).__name__


CHECKS = (
    a_cut_connection_means_later,
    a_cut_in_the_middle_loses_nothing,
    a_throttle_with_a_time_is_obeyed,
    a_throttle_without_a_time_means_later,
    a_dead_credential_is_misconfigured,
    a_huge_item_lands_with_a_problem,
    a_huge_item_can_be_fetched_whole,
    a_malformed_item_stops_nothing,
    hostile_names_and_encodings_are_read,
    the_check_of_a_sound_source_is_all_right,
    the_check_of_a_cut_source_says_what_to_do,
    the_check_of_a_dead_credential_says_what_to_do,
)
