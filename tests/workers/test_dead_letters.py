"""Dead letters on a real Redis: looked at, put back, thrown away."""

import pytest

from workers.broker import open_broker
from workers.letters import RedisLetters

pytestmark = pytest.mark.slow


@pytest.fixture
def broker(redis):
    broker = open_broker(redis.url, "t")
    yield broker
    broker.close()


def bury(broker, rows, queue="mail", actor="answer_mail"):
    """A letter that a worker gave up, as Dramatiq keeps it."""
    import time

    from dramatiq import Message

    options = {"traceback": "Traceback\nValueError: 0555 000 12 34", "retries": 3}
    message = Message(queue_name=queue, actor_name=actor, args=(rows,), kwargs={}, options=options)
    dead = f"t:{queue}.XQ"
    broker.client.zadd(dead, {message.message_id: time.time() * 1000})
    broker.client.hset(f"{dead}.msgs", message.message_id, message.encode())
    return message.message_id


def test_a_dead_letter_is_shown_without_what_people_wrote_and_put_back_once(broker) -> None:
    letters = RedisLetters(broker)
    name = bury(broker, [1, 2])
    [one] = letters.dead("mail")
    assert (one.id, one.rows, one.actor, one.error) == (name, (1, 2), "answer_mail", "ValueError")
    assert letters.requeue("mail", name)
    assert not letters.requeue("mail", name)
    [state] = [s for s in letters.queues() if s.name == "mail"]
    assert (state.waiting, state.dead) == (1, 0)


def test_what_was_put_back_is_answered(broker) -> None:
    import dramatiq
    from peers.server import wait_until

    seen = []
    dramatiq.actor(seen.append, actor_name="answer_mail", queue_name="mail", broker=broker)
    RedisLetters(broker).requeue("mail", bury(broker, [7]))
    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=50)
    worker.start()
    wait_until(lambda: seen == [[7]], "the letter")
    worker.stop()


def test_a_letter_is_thrown_away(broker) -> None:
    letters = RedisLetters(broker)
    name = bury(broker, [1])
    assert letters.count() == 1
    assert letters.purge("mail", name)
    assert not letters.purge("mail", name)
    assert letters.count() == 0


def test_what_nobody_can_decode_is_shown_and_can_only_be_thrown_away(broker) -> None:
    letters = RedisLetters(broker)
    broker.client.zadd("t:mail.XQ", {"odd": 1_000})
    broker.client.hset("t:mail.XQ.msgs", "odd", "{not json")
    [one] = letters.dead("mail")
    assert one.actor == "?"
    assert not letters.requeue("mail", "odd")
    assert letters.purge("mail", "odd")


def test_a_redis_that_is_away_is_said(broker, redis) -> None:
    letters = RedisLetters(broker)
    redis.kill()
    assert letters.queues() is None
    assert letters.count() is None
    assert letters.dead("mail") == []
    assert not letters.requeue("mail", "x")
    assert not letters.purge("mail", "x")
