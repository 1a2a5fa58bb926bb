"""Drills on Redis."""

import redis as redis_client

from benchmarks.faults.drill import drill, frozen, stay
from benchmarks.faults.scene import Needs, Scene


@drill("redis-killed", "Redis killed (-9) again and again, and started again")
def redis_killed(scene: Scene) -> None:
    for _ in range(scene.kills):
        scene.deliver(1 / scene.kills)
        stay(scene.chance.random() * 0.5)  # a random moment is the point
        scene.redis.kill()
        scene.redis.up()
    scene.deliver_rest()


@drill("redis-flushed", "Redis emptied again and again")
def redis_flushed(scene: Scene) -> None:
    with redis_client.Redis.from_url(scene.redis.url) as client:
        for _ in range(scene.kills):
            scene.deliver(1 / scene.kills)
            stay(scene.chance.random() * 0.5)
            client.flushall()
    scene.deliver_rest()


@drill("redis-full", "Redis out of memory: every bell is refused, landing goes on")
def redis_full(scene: Scene) -> None:
    with redis_client.Redis.from_url(scene.redis.url) as client:
        scene.deliver(0.3)
        scene.wait_landed(0, int(scene.count * 0.3))
        client.config_set("maxmemory", 1)
        before = scene.landed()
        scene.deliver(0.4)
        scene.wait_landed(before, int(scene.count * 0.4))
        client.config_set("maxmemory", 0)
        scene.deliver_rest()


@drill("redis-slow", "Redis answers only in one tenth of the time, then not at all for 12 s")
def redis_slow(scene: Scene) -> None:
    scene.deliver(0.2)
    for _ in range(20):
        with frozen(scene.redis.process):
            scene.deliver(0.02)
            stay(0.45)
        stay(0.05)
    with frozen(scene.redis.process):
        scene.deliver(0.2)
        stay(12)
    scene.deliver_rest()


@drill("redis-failover", "the master killed: Sentinel promotes the replica", Needs(sentinel=True))
def redis_failover(scene: Scene) -> None:
    assert scene.sentinels
    scene.deliver(0.4)
    scene.sentinels.kill_master()
    scene.deliver_rest()
