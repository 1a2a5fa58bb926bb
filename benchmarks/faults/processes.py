"""Drills on our own processes: killed, frozen, with wrong clocks."""

import os
from collections import Counter

from peers.server import wait_until

from benchmarks.faults.drill import drill, frozen, stay
from benchmarks.faults.scene import DAEMONS, PATIENCE, WRAPPED, Needs, Scene
from benchmarks.faults.wrapped import read_deaths

COMPONENTS = {"poll": ("poll",), "work": ("work-1", "work-2"), "schedule": ("schedule",)}


@drill(
    "kill",
    "kill -9 of poller, workers and scheduler just before and just after their commits",
    Needs(imap=True),
)
def kill(scene: Scene) -> str:
    """Each dies again and again until every component died ``kills`` times, while mails arrive."""
    file = scene.folder / "deaths.jsonl"
    os.environ["DRILL_DEATHS"] = str(file)
    try:
        for name in DAEMONS:
            scene.house.programs[name] = WRAPPED
            scene.restart(name)
        while (least := least_deaths(deaths := died(scene))) < scene.kills:
            share = (1 + least) / scene.kills
            if len(scene.given) < scene.count * share:
                scene.deliver(share - len(scene.given) / scene.count)
            raise_the_dead(scene, deaths)
            stay(0.1)
    finally:
        del os.environ["DRILL_DEATHS"]
    for name in DAEMONS:
        scene.house.programs.pop(name, None)
        scene.restart(name)
    scene.deliver_rest()
    return f"{replay_set_aside(scene)} set aside and replayed\n{points(scene)}"


def replay_set_aside(scene: Scene) -> int:
    """A row in whose hands a worker died too often is set aside, whosever fault it was: an operator
    looks, and replays it."""
    scene.wait_landed(0, len(scene.given))
    wait_until(lambda: set(scene.moving()) <= {"not recorded"}, "queues to be empty", PATIENCE)
    aside = len(scene.house.json("quarantine", "list"))
    if aside:
        scene.house.cli("quarantine", "replay", "--all")
    return aside


def died(scene: Scene) -> Counter[str]:
    file = scene.folder / "deaths.jsonl"
    return Counter(death["who"] for death in read_deaths(file))


def least_deaths(deaths: Counter[str]) -> int:
    return min(deaths[component] for component in COMPONENTS)


def raise_the_dead(scene: Scene, deaths: Counter[str]) -> None:
    """What died comes back; a component that died often enough is left in peace."""
    for component, names in COMPONENTS.items():
        for name in names:
            if scene.house.running[name].poll() is None:
                continue
            if deaths[component] >= scene.kills:
                scene.house.programs.pop(name, None)
            scene.house.restart(name)


def points(scene: Scene) -> str:
    deaths = read_deaths(scene.folder / "deaths.jsonl")
    total, where = (
        Counter(d["who"] for d in deaths),
        Counter((d["where"], d["side"]) for d in deaths),
    )
    return "\n".join(
        (
            ", ".join(f"{name} died {count} times" for name, count in sorted(total.items())),
            *(
                f"  {point}: before {where[point, 'before']}, after {where[point, 'after']}"
                for point in sorted({point for point, _ in where})
            ),
        )
    )


@drill("frozen", "poller and a worker frozen (SIGSTOP) in the middle, and woken up later")
def frozen_daemons(scene: Scene) -> None:
    scene.deliver(0.3)
    with frozen(scene.house.running["poll"], scene.house.running["work-1"]):
        scene.house.start("poll-2", "poll")
        scene.deliver(0.4)
        stay(8)
    scene.deliver_rest()


@drill("clock", "clocks jump: the poller's by an hour, a worker's back by one, then all of them")
def clock(scene: Scene) -> str:
    """The clock that is passed to every decision is moved, in each process by a file of its own."""
    clocks = {name: scene.folder / f"{name}.clock" for name in DAEMONS}
    for name, file in clocks.items():
        file.write_text("0")
        os.environ["DRILL_CLOCK"] = str(file)
        scene.house.programs[name] = WRAPPED
        scene.restart(name)
    del os.environ["DRILL_CLOCK"]
    for name in DAEMONS:
        scene.wait_up(name)

    def jump(hours: float, *names: str) -> None:
        for name in names:
            (scene.folder / "next").write_text(str(hours * 3600))
            (scene.folder / "next").replace(clocks[name])
        before, wanted = scene.landed(), len(scene.given)
        scene.deliver(0.2)
        scene.wait_landed(before, len(scene.given) > wanted)

    jump(1, "poll")
    jump(-1, "work-1")
    jump(1, *DAEMONS)
    jump(0, *DAEMONS)
    scene.deliver_rest()
    stay(20)
    late = scene.moving()
    jump(1, *DAEMONS)  # an hour has passed
    return f"put off by the fast clock until the right one came there: {late or 'nothing'}"
