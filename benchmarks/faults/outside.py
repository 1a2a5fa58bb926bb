"""Drills on what others run: the bucket, the SMS gateway, the senders of mails."""

from peers.server import is_open, wait_until

from benchmarks.faults.drill import drill, frozen, stay
from benchmarks.faults.scene import PATIENCE, Needs, Scene
from storage import views


@drill("blobs-away", "the bucket frozen: landing waits, and goes on", Needs(bucket=True))
def blobs_away(scene: Scene) -> None:
    assert scene.s3
    scene.deliver(0.3)
    with frozen(scene.s3.process):
        scene.deliver(0.4)
        stay(12)
    scene.deliver_rest()


@drill("gateway-hangs", "the gateway takes SMS and never answers")
def gateway_hangs(scene: Scene) -> None:
    in_a_mood(scene, "hangs")


@drill("gateway-cuts", "the gateway takes SMS and closes without an answer; no receipts come")
def gateway_cuts(scene: Scene) -> None:
    in_a_mood(scene, "cuts")


@drill("gateway-twice", "the gateway answers twice for one SMS")
def gateway_twice(scene: Scene) -> None:
    in_a_mood(scene, "twice")


def in_a_mood(scene: Scene, mood: str) -> None:
    scene.deliver(0.3)
    scene.gateway.mood = mood
    scene.deliver(0.1)
    scene.wait_recorded()
    stay(4)  # longer than the gateway is waited for
    scene.gateway.mood = "well"
    scene.gateway.over.set()
    scene.deliver_rest()


@drill(
    "receipts",
    "a third of the receipts lost, others twice, and the gateway cuts connections",
    Needs(daemons={"serve": ("serve",)}),
)
def receipts(scene: Scene) -> str:
    """What a receipt speaks of is known again, also where the gateway never answered."""
    scene.gateway.receipts = 0.66
    wait_until(lambda: is_open(scene.house.app.settings.portal.port), "the portal", PATIENCE)
    in_a_mood(scene, "cuts")
    scene.settle()
    wait_until(lambda: states(scene).get("delivered", 0) > scene.count / 2, "receipts", PATIENCE)
    return ", ".join(f"{count} {state}" for state, count in sorted(states(scene).items()))


def states(scene: Scene) -> dict[str, int]:
    with scene.house.app.database.read() as connection:
        found = views.applications(connection)
    out: dict[str, int] = {}
    for one in found:
        state = one["acknowledgement"]["state"]
        out[state] = out.get(state, 0) + 1
    return out


@drill("poison", "a flood of mails that cannot be taken whole; the fuse may blow")
def poison(scene: Scene) -> str:
    flood = max(40, scene.count)
    scene.deliver(0.3)
    scene.wait_recorded()
    scene.flood(flood)
    wait_until(lambda: set_aside(scene) == flood, "the flood to be set aside", PATIENCE)
    scene.house.cli("channel", "start", "mailbox")  # as an operator does after a look
    scene.deliver_rest()
    return f"{flood} set aside"


def set_aside(scene: Scene) -> int:
    with scene.house.app.database.read() as connection:
        return sum(views.quarantine_causes(connection).values())
