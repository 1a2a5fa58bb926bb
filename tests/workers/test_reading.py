"""Documents are read in a child: what it cannot bear is set aside, and the next one goes on."""

import os
import signal
import threading
from pathlib import Path

import pytest
from peers.server import wait_until

from config.sections import Ocr
from ingest.contract import RawItem
from workers.reading.pool import ReadingFailed, ReadingPool

pytestmark = pytest.mark.slow

FAX = (Path(__file__).parents[2] / "samples/fax/tesekkur.tif").read_bytes()


@pytest.fixture
def make():
    pools = []

    def opened(**settings) -> ReadingPool:
        pools.append(ReadingPool(Ocr(**({"engine": "null"} | settings))))
        return pools[-1]

    yield opened
    for pool in pools:
        pool.close()


def fax(body: bytes = FAX) -> RawItem:
    return RawItem("a.tif", "fax", body, facts={"fax_number": "0212 555 00 00"})


def test_a_document_comes_back_as_its_reading(make):
    message = make().read(fax()).message
    assert (message.kind, len(message.pages)) == ("fax", 1)
    assert message.sender.phone == "+902125550000"


def test_the_same_child_reads_one_document_after_the_other(make):
    pool = make()
    pool.read(fax())
    first = pool._mine.child.pid
    pool.read(fax())
    assert pool._mine.child.pid == first


def test_what_takes_too_long_is_given_up_and_the_next_is_read(make):
    pool = make(engine="failing", document_seconds=3, languages="hang")
    with pytest.raises(ReadingFailed) as failed:
        pool.read(fax())
    assert failed.value.cause == "too-slow"


def test_a_child_that_dies_is_replaced(make):
    pool = make()
    pool.read(fax())
    child = pool._mine.child
    os.kill(child.pid, signal.SIGSTOP)
    killer = threading.Timer(0.3, os.kill, (child.pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(ReadingFailed) as failed:
        pool.read(fax())
    assert failed.value.cause == "reader-crashed"
    assert pool.read(fax()).message.error is None


def test_no_child_outlives_its_pool(make):
    pool = make()
    pool.read(fax())
    child = pool._mine.child
    pool.close()
    wait_until(lambda: child.poll() is not None, "the child to end")
