"""How a check is run: skipped with a reason, failed without one, left behind when it hangs."""

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import ClassVar

import pytest
from testkit_memory import MemoryChannel, MemoryWorld

from ingest.contract import WebhookRequest
from ingest.testkit.check import Check, DoesNotApply, Lab, check, run
from ingest.testkit.checks import CHECKS
from ingest.testkit.world import Missing


class PoorWorld(MemoryWorld):
    """A source without a throttle, which says so, and without twins, which does not."""

    without: ClassVar = {"throttle": "a list in memory is never busy", "bulk": "items are dear"}

    def throttle(self, after: object) -> None:
        raise Missing("throttle")

    def twins(self) -> None:
        raise Missing("twins")


class DeafChannel(MemoryChannel):
    verify_and_items = None  # type: ignore[assignment]


class DeafWorld(MemoryWorld):
    adapter = DeafChannel


class PostingToTheDeaf(DeafWorld):
    def posts(self) -> Sequence[WebhookRequest]:
        return [self.post()]


@check
def asks_for_a_throttle(lab: Lab) -> None:
    """A rule."""
    lab.world().throttle(None)


@check
def asks_for_twins(lab: Lab) -> None:
    """A rule."""
    lab.world().twins()


@check
def asks_for_bulk(lab: Lab) -> None:
    """A rule."""
    lab.world().bulk(300)


@check
def finds_a_fault(lab: Lab) -> None:
    """Items are green."""
    raise AssertionError("an item is red")


@check
def meets_a_stranger(lab: Lab) -> None:
    """Only three failures leave a channel."""
    raise ZeroDivisionError


def test_a_lack_that_is_explained_skips_the_check(tmp_path: Path) -> None:
    with pytest.raises(DoesNotApply, match="never busy"):
        run(asks_for_a_throttle, PoorWorld, tmp_path)


def test_a_check_of_posts_skips_a_channel_that_takes_none(tmp_path: Path) -> None:
    by_name = {check.name: check for check in CHECKS}
    with pytest.raises(DoesNotApply, match="the channel takes no posts"):
        run(by_name["a post that was changed is refused"], DeafWorld, tmp_path)


def test_a_source_that_posts_to_a_channel_without_a_webhook_fails(tmp_path: Path) -> None:
    by_name = {check.name: check for check in CHECKS}
    with pytest.raises(AssertionError, match="the source posts, and the channel is no Webhook"):
        run(by_name["everything is read"], PostingToTheDeaf, tmp_path)


def test_bulk_can_be_left_out_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(DoesNotApply, match="items are dear"):
        run(asks_for_bulk, PoorWorld, tmp_path)


def test_a_lack_that_is_not_explained_fails_the_check(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="PoorWorld lacks 'twins'"):
        run(asks_for_twins, PoorWorld, tmp_path)


def test_a_failure_quotes_the_rule(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"(?s)an item is red.*The rule: Items are green"):
        run(finds_a_fault, MemoryWorld, tmp_path)


def test_a_foreign_exception_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ZeroDivisionError came out of the channel"):
        run(meets_a_stranger, MemoryWorld, tmp_path)


def test_a_check_that_hangs_is_left_behind_and_the_place_is_shown(tmp_path: Path) -> None:
    release = Event()
    hanging = Check("hangs", "A rule.", lambda lab: hangs_here(release))
    with pytest.raises(AssertionError, match=r"(?s)still busy after 0\.1 s.*hangs_here"):
        run(hanging, MemoryWorld, tmp_path, patience=0.1)
    release.set()


def hangs_here(release: Event) -> None:
    release.wait(60)


def test_worlds_are_closed_even_when_the_check_fails(tmp_path: Path) -> None:
    seen: list[MemoryWorld] = []

    def body(lab: Lab) -> None:
        world = lab.world()
        assert isinstance(world, MemoryWorld)
        seen.append(world)
        raise AssertionError("no")

    with pytest.raises(AssertionError):
        run(Check("fails", "A rule.", body), MemoryWorld, tmp_path)
    assert seen[0].source.gone.is_set()
