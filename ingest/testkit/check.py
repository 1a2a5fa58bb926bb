"""What a check is, and how one is run: in a room of its own, with a time limit.

A check is a function that is given a :class:`Lab` and asserts. The docstring is the rule that it
proves, printed when it fails. The pytest class and the suite's own mutation run both use
:func:`run`, so that what is proved of one holds for the other.
"""

import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from ingest.testkit.harness import Engine
from ingest.testkit.world import Missing, World

WorldFactory = Callable[[Path], World]
"""Makes a new, empty source in the folder that it is given."""


class DoesNotApply(Exception):
    """A result, not an error: the world lacks an ability that the check needs, and says why."""

    def __init__(self, ability: str, reason: str) -> None:
        super().__init__(f"without {ability}: {reason}")
        self.ability = ability
        self.reason = reason


class Lab:
    """Where one check runs: it makes worlds and engines, and clears them away."""

    def __init__(self, factory: WorldFactory, folder: Path) -> None:
        self._factory = factory
        self._folder = folder
        self.worlds: list[World] = []

    def world(self) -> World:
        """A new, empty source."""
        folder = self._folder / f"world-{len(self.worlds)}"
        folder.mkdir(parents=True)
        world = self._factory(folder)
        self.worlds.append(world)
        return world

    def engine(self, world: World | None = None, *, skew: timedelta = timedelta()) -> Engine:
        """An engine that knows nothing yet, on a new source unless one is given."""
        world = world or self.world()
        return Engine(world, self._state_folder(), skew)

    def _state_folder(self) -> Path:
        count = sum(1 for path in self._folder.glob("state-*"))
        folder = self._folder / f"state-{count}"
        folder.mkdir()
        return folder

    def close(self) -> None:
        for world in self.worlds:
            world.close()


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the contract. ``name`` reads as a sentence."""

    name: str
    rule: str
    body: Callable[[Lab], None] = field(repr=False)


def check(body: Callable[[Lab], None]) -> Check:
    """Turn a function into a check: its name is the sentence, its docstring the rule."""
    rule = " ".join((body.__doc__ or "").split())
    return Check(body.__name__.replace("_", " "), rule, body)


def run(check: Check, factory: WorldFactory, folder: Path, *, patience: float = 30.0) -> None:
    """Run one check. ``patience``: seconds after which it counts as hanging.

    Raises AssertionError when it fails, DoesNotApply when it is not for this source.
    """
    lab = Lab(factory, folder)
    try:
        failure = _within(patience, lambda: check.body(lab))
    finally:
        lab.close()
    if isinstance(failure, DoesNotApply):
        raise failure
    if isinstance(failure, Missing):
        raise _does_not_apply(failure, lab.worlds[-1])
    if isinstance(failure, AssertionError):
        raise AssertionError(f"{failure}\n\nThe rule: {check.rule}") from failure
    if failure is not None:
        what = f"{type(failure).__name__} came out of the channel: {failure}"
        raise AssertionError(f"{what}\n\nThe rule: {check.rule}") from failure


def _does_not_apply(missing: Missing, world: World) -> DoesNotApply:
    reason = world.without.get(missing.ability, "")
    assert reason, (
        f"{type(world).__name__} lacks {missing.ability!r}: give the source this ability, or say "
        "in `without` why it has none."
    )
    return DoesNotApply(missing.ability, reason)


def _within(seconds: float, body: Callable[[], None]) -> BaseException | None:
    """What ``body`` raised, if anything. It runs in a thread of its own, so that one that hangs
    can be left behind, with the place where it hangs."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            body()
        except BaseException as error:  # noqa: BLE001  handed to the caller, all of it
            raised.append(error)

    thread = threading.Thread(target=work, name="channel-contract", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        return AssertionError(f"still busy after {seconds:g} s, here:\n{_place(thread)}")
    return raised[0] if raised else None


def _place(thread: threading.Thread) -> str:
    frame = sys._current_frames().get(thread.ident or 0)
    return "".join(traceback.format_stack(frame, limit=None)[-3:]) if frame else "(gone)"
