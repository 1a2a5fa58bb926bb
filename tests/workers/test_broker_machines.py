"""The doorbell on a Redis that fails over, on one with TLS, and on RabbitMQ: real servers."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dramatiq
import pytest
import trustme
from peers.rabbit import WHY_NOT, Rabbit
from peers.redis import Redis
from peers.sentinel import Sentinels
from peers.server import free_port, wait_until

from config.errors import ConfigurationError
from workers import redis_url
from workers.bell import Bell, actor_name, line
from workers.broker import Away
from workers.doorbell import open_doorbell, open_letters


class Remembering:
    queue = "mail"

    def __init__(self) -> None:
        self.seen: list[int] = []

    def run(self, ids):
        self.seen += ids
        return {}

    def overdue(self, limit):
        return []


@contextmanager
def working(broker: Any, stage: Remembering) -> Iterator[Bell]:
    bell = Bell(broker)
    dramatiq.actor(stage.run, actor_name=actor_name("mail"), queue_name=line("mail"), broker=broker)
    worker = dramatiq.Worker(broker, queues={"mail"}, worker_threads=2, worker_timeout=50)
    worker.start()
    yield bell
    worker.stop()
    broker.close()


@pytest.mark.slow
@pytest.mark.parametrize("password", ["", "geheim"])
def test_bells_ring_on_through_a_failover(tmp_path: Path, password: str):
    stage = Remembering()
    with (
        Sentinels(tmp_path, password=password) as redis,
        working(open_doorbell(redis.url, "t", None), stage) as bell,
    ):
        wait_until(lambda: bell.ring({"mail": [1]}) == 1, "the master")
        wait_until(lambda: 1 in stage.seen, "the first row")
        redis.kill_master()
        wait_until(lambda: bell.ring({"mail": [3]}) == 1, "the new master", 30)
        wait_until(lambda: 3 in stage.seen, "the row behind the failover", 30)


@pytest.mark.slow
def test_tls_is_spoken_with_those_alone_whom_our_authority_signed(tmp_path: Path):
    authority, other = trustme.CA(), trustme.CA()
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        tmp_path / "both.pem"
    )
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    other.cert_pem.write_to_path(tmp_path / "other.pem")
    port, both = free_port(), str(tmp_path / "both.pem")
    tls = ("--tls-port", str(port), "--tls-cert-file", both, "--tls-key-file", both)
    more = ("--tls-ca-cert-file", str(tmp_path / "ca.pem"), "--tls-auth-clients", "no")
    with Redis(tmp_path / "redis", options=(*tls, *more)):
        url, stage = f"rediss://127.0.0.1:{port}/0", Remembering()
        with working(open_doorbell(url, "t", tmp_path / "ca.pem"), stage) as bell:
            assert bell.ring({"mail": [1]}) == 1
            wait_until(lambda: stage.seen == [1], "the row")
        with pytest.raises(Away):
            open_doorbell(url, "t", tmp_path / "other.pem").ping()
        with pytest.raises(Away):
            open_doorbell(url, "t", None).ping()


@pytest.mark.parametrize(
    "url",
    [
        "http://example.test",
        "redis+sentinel://geheim@h:26379",
        "redis+sentinel://geheim@h:port/x",
        "rediss+sentinel:///service",
        "redis+sentinel://h/service/zero",
    ],
)
def test_a_url_that_cannot_be_used_is_said_and_not_shown(url: str):
    with pytest.raises(ConfigurationError) as raised:
        redis_url.client(url)
    assert "geheim" not in str(raised.value)


def test_sentinels_are_asked_with_tls_where_the_servers_are(tmp_path: Path):
    trustme.CA().cert_pem.write_to_path(tmp_path / "ca.pem")
    url = "rediss+sentinel://user:p%40ss@[::1]:5,h2/service/3"
    client = redis_url.client(url, tmp_path / "ca.pem")
    pool = client.connection_pool
    given = pool.connection_kwargs
    assert (given["username"], given["password"], given["db"]) == ("user", "p@ss", 3)
    asked = [one.connection_pool for one in pool.sentinel_manager.sentinels]
    hosts = [(one.connection_kwargs["host"], one.connection_kwargs["port"]) for one in asked]
    assert hosts == [("::1", 5), ("h2", 26379)]
    assert all(one.connection_kwargs["ssl_ca_certs"] for one in asked)
    assert issubclass(pool.connection_class, object)
    assert ssl.HAS_TLSv1_2


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rabbit]:
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    with Rabbit(tmp_path_factory.mktemp("rabbit")) as server:
        yield server


@pytest.mark.slow
@pytest.mark.timeout(300)
class TestRabbit:
    def test_bells_ring_and_go_on_ringing_after_the_server_was_killed(self, rabbit: Rabbit):
        stage = Remembering()
        with working(open_doorbell(rabbit.url, "", None), stage) as bell:
            assert bell.ring({"mail": list(range(120))}) == 120
            wait_until(lambda: len(stage.seen) == 120, "the rows")
            rabbit.kill()
            assert bell.ring({"mail": [500]}) == 0
            rabbit.up()
            wait_until(lambda: bell.ring({"mail": [501]}) == 1, "the server", 60)
            wait_until(lambda: 501 in stage.seen, "the row after the restart", 60)

    def test_a_payload_that_nobody_can_read_holds_up_nothing_and_is_shown(self, rabbit: Rabbit):
        broker, stage = open_doorbell(rabbit.url, "", None), Remembering()
        letters = open_letters(broker)
        with working(broker, stage) as bell:
            bell.ring({"mail": [1]})
            wait_until(lambda: stage.seen == [1], "the queue")
            broker.channel.basic_publish("", "mail", b"{not json")
            bell.ring({"mail": [2, 3]})
            wait_until(lambda: sorted(stage.seen) == [1, 2, 3], "the rows behind it")
            wait_until(lambda: letters.count() == 1, "the dead letter")
        [one] = letters.dead("mail")
        assert (one.actor, one.rows) == ("?", ())
        assert letters.purge("mail", one.id)
        assert letters.count() == 0

    def test_a_dead_letter_is_put_back_once_and_answered(self, rabbit: Rabbit):
        broker, stage = open_doorbell(rabbit.url, "", None), Remembering()
        letters = open_letters(broker)
        options = {"traceback": "Traceback\nValueError: 0555 000 12 34", "retries": 3}
        message = dramatiq.Message("mail", "answer_mail", ([7],), {}, options)
        broker.declare_queue("mail", ensure=True)
        broker.channel.basic_publish("", "mail.XQ", message.encode())
        wait_until(lambda: letters.count() == 1, "the dead letter")
        [one] = letters.dead("mail")
        assert (one.rows, one.error) == ((7,), "ValueError")
        assert letters.requeue("mail", one.id)
        assert not letters.requeue("mail", one.id)
        with working(broker, stage):
            wait_until(lambda: stage.seen == [7], "the letter")

    def test_what_a_worker_held_that_died_comes_back(self, rabbit: Rabbit, tmp_path: Path):
        import subprocess
        import sys

        program = tmp_path / "dies.py"
        program.write_text(
            "import os, sys, dramatiq\n"
            "from workers.doorbell import open_doorbell\n"
            "from workers.bell import Bell\n"
            "from workers.process import Hand, declare\n"
            "class Dies:\n"
            "    queue = 'mail'\n"
            "    def run(self, ids): os.kill(os.getpid(), 9)\n"
            "broker = open_doorbell(sys.argv[1], '', None)\n"
            "bell = Bell(broker)\n"
            "declare(broker, Hand({'mail': Dies()}, bell))\n"
            "bell.ring({'mail': [9]})\n"
            "dramatiq.Worker(broker, queues={'mail'}, worker_threads=1).start()\n"
            "import time; time.sleep(60)\n"
        )
        root = Path(__file__).parents[2]
        died = subprocess.run(
            [sys.executable, str(program), rabbit.url],
            cwd=root,
            check=False,
            env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
            timeout=90,
        )
        assert died.returncode == -9
        stage = Remembering()
        with working(open_doorbell(rabbit.url, "", None), stage):
            wait_until(lambda: stage.seen == [9], "the row that the dead worker held", 60)

    def test_a_server_that_is_away_is_told_and_raises_nothing(self, rabbit: Rabbit):
        away = open_doorbell(f"amqp://a:geheim@127.0.0.1:{free_port()}/", "", None)
        assert open_letters(away).queues() is None
        assert list(open_letters(away).dead("mail")) == []
        with pytest.raises(Away):
            away.ping()
        assert Bell(away).ring({"mail": [1]}) == 0
