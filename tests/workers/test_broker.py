"""The traps of Dramatiq on Redis, each over a real server."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dramatiq
import pytest
import redis as redis_client
from dramatiq import Worker
from peers.redis import Redis
from peers.server import wait_until

from workers.bell import Bell, actor_name, line
from workers.broker import DoorbellBroker, open_broker
from workers.process import FAST, Hand, declare

pytestmark = pytest.mark.slow


class Remembering:
    """A stage that remembers which rows it was rung for."""

    queue = "mail"

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.lock = threading.Lock()

    def run(self, ids):
        with self.lock:
            self.seen += ids
        return {}

    def overdue(self, limit):
        return []


def remember(broker: DoorbellBroker, stage: Remembering) -> None:
    """Answers with the rows that a bell names; a worker sees to whatever is due."""
    dramatiq.actor(stage.run, actor_name=actor_name("mail"), queue_name=line("mail"), broker=broker)


@contextmanager
def working(broker: DoorbellBroker, stage: Remembering) -> Iterator[Worker]:
    remember(broker, stage)
    worker = Worker(broker, queues={"mail"}, worker_threads=2, worker_timeout=50)
    worker.start()
    yield worker
    worker.stop()
    broker.close()


def test_one_undecodable_payload_holds_up_nothing(redis: Redis):
    broker, stage = open_broker(redis.url, "t"), Remembering()
    client = redis_client.Redis.from_url(redis.url)
    remember(broker, stage)
    client.hset("t:mail.msgs", "bad", b"{not json")
    client.rpush("t:mail", "bad")
    Bell(broker).ring({"mail": [1, 2, 3]})
    broker.actors.clear()
    with working(broker, stage):
        wait_until(lambda: sorted(stage.seen) == [1, 2, 3], "the rows behind the bad payload")
        wait_until(lambda: not client.hexists("t:mail.msgs", "bad"), "the bad payload to go")


def test_what_a_dead_worker_held_comes_back_soon(redis: Redis, tmp_path: Path):
    program = tmp_path / "dies.py"
    program.write_text(
        "import os, sys\n"
        "from workers.broker import open_broker\n"
        "from workers.bell import Bell\n"
        "from workers.process import FAST, Hand, declare\n"
        "from dramatiq import Worker\n"
        "class Dies:\n"
        "    queue = 'mail'\n"
        "    def run(self, ids): os.kill(os.getpid(), 9)\n"
        "broker = open_broker(sys.argv[1], 't')\n"
        "declare(broker, Hand({'mail': Dies()}, Bell(broker)))\n"
        "worker = Worker(broker, queues={'mail'}, worker_threads=1, worker_timeout=50)\n"
        "Bell(broker).ring({'mail': [7]})\n"
        "worker.start()\n"
        "import time; time.sleep(30)\n"
    )
    dead = subprocess.run([sys.executable, str(program), redis.url], check=False, timeout=60)
    assert dead.returncode == -signal.SIGKILL
    stage = Remembering()
    with working(open_broker(redis.url, "t"), stage):
        wait_until(lambda: stage.seen == [7], "the dead worker's bell", 30)


def test_a_redis_that_stalls_in_mid_acknowledgement_strands_nothing(redis: Redis):
    broker, stage = open_broker(redis.url, "t"), Remembering()
    broker.client.connection_pool.connection_kwargs["socket_timeout"] = 1.0
    admin = redis_client.Redis.from_url(redis.url)
    with working(broker, stage):
        bell = Bell(open_broker(redis.url, "t"))
        for n in range(200):
            bell.ring({"mail": [n]})
            if n == 100:
                assert redis.process
                redis.process.send_signal(signal.SIGSTOP)
                timer = threading.Timer(1.5, redis.process.send_signal, [signal.SIGCONT])
                timer.start()
        wait_until(lambda: set(stage.seen) >= set(range(200)), "all rows", 40)
        wait_until(lambda: not admin.hlen("t:mail.msgs"), "no message to be left", 40)


def test_an_idle_consumer_sleeps_until_it_is_rung(redis: Redis):
    broker, stage = open_broker(redis.url, "t"), Remembering()
    admin = redis_client.Redis.from_url(redis.url)
    asked = "cmdstat_evalsha"
    with working(broker, stage):
        Bell(broker).ring({"mail": [1]})
        wait_until(lambda: stage.seen == [1], "the first bell")
        before = admin.info("commandstats")[asked]["calls"]
        wait_until(lambda: admin.info("commandstats")["cmdstat_blmove"]["calls"] >= 5, "sleeps")
        assert admin.info("commandstats")[asked]["calls"] - before <= 8
        assert any(one["cmd"] == "blmove" for one in admin.client_list())


def test_two_consumers_of_one_line_get_every_bell_once(redis: Redis):
    one, two = Remembering(), Remembering()
    with (
        working(open_broker(redis.url, "t"), one),
        working(open_broker(redis.url, "t"), two),
    ):
        for n in range(60):
            Bell(open_broker(redis.url, "t")).ring({"mail": [n]})
        wait_until(lambda: len(one.seen) + len(two.seen) >= 60, "every bell", 20)
    assert sorted(one.seen + two.seen) == list(range(60))


def test_a_full_redis_is_asked_in_the_old_way(redis: Redis):
    broker, stage = open_broker(redis.url, "t"), Remembering()
    admin = redis_client.Redis.from_url(redis.url)
    with working(broker, stage):
        Bell(broker).ring({"mail": [1]})
        wait_until(lambda: stage.seen == [1], "the first bell")
        admin.config_set("maxmemory", 1)
        assert Bell(broker).ring({"mail": [2]}) == 0
        admin.config_set("maxmemory", 0)
        Bell(broker).ring({"mail": [3]})
        wait_until(lambda: stage.seen == [1, 3], "the bell after the trouble", 20)


def test_ringing_while_redis_is_away_raises_nothing(redis: Redis):
    bell = Bell(open_broker(redis.url, "t"))
    redis.kill()
    assert bell.ring({"mail": [1]}) == 0


def test_a_bell_carries_row_ids_and_nothing_else(redis: Redis):
    broker = open_broker(redis.url, "t")
    Bell(broker).ring({"mail": range(120)})
    client = redis_client.Redis.from_url(redis.url)
    payloads = client.hvals("t:mail.msgs")
    assert len(payloads) == 2
    assert all(
        b'"args":[[' in payload and actor_name("mail").encode() in payload for payload in payloads
    )


def test_mail_goes_before_a_flood_of_posts_and_what_has_begun_before_both(redis: Redis):
    broker, seen = open_broker(redis.url, "t"), list[str]()
    stages = {queue: InOrder(queue, seen) for queue in ("mail", "social", "record")}
    declare(broker, Hand(stages, Bell(broker)))
    for n in range(200):
        Bell(broker).ring({"social": [n]})
    Bell(broker).ring({"mail": [1]})
    Bell(broker).ring({"record": [1]})
    worker = Worker(broker, queues=set(FAST), worker_threads=1, worker_timeout=50)
    worker.start()
    try:
        wait_until(lambda: len(seen) == 202, "every bell to be answered", 60)
    finally:
        worker.stop()
        broker.close()
    assert seen.index("mail") < 100
    assert seen.index("record") < 100


class InOrder(Remembering):
    """A stage that writes down its name for each bell."""

    def __init__(self, queue: str, seen: list[str]) -> None:
        super().__init__()
        self.queue, self.order = queue, seen

    def run(self, ids):
        self.order.append(self.queue)
        return {}
