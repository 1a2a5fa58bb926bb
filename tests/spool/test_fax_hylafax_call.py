"""Real calls to a real HylaFAX."""

import io
from collections.abc import Iterator

import pytest
from peers.hylafax import NAME, NUMBER, HylaFax, missing
from PIL import Image
from spool_tools import SAMPLES, Desk

from ingest.channels.fax import CHANNEL

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(missing() is not None, reason=missing() or ""),
]

PAGE = SAMPLES / "fax" / "tesekkur.tif"


@pytest.fixture(scope="module")
def server() -> Iterator[HylaFax]:
    with HylaFax() as running:
        yield running


def desk(server: HylaFax, *, log: bool) -> Desk:
    table = {"kind": "fax", "source": "hylafax", "folder": server.recvq, "settle_seconds": 1}
    return Desk(CHANNEL, table | ({"transfer_log": server.transfer_log} if log else {}))


def test_faxes_are_brought_when_their_calls_have_ended(server: HylaFax) -> None:
    server.send(PAGE)
    server.wait_for_end()
    bench = desk(server, log=True)
    bench.clock.pass_by(10)
    (whole,) = bench.poll()
    assert (whole.facts["fax_number"], whole.facts["fax_name"]) == (NUMBER, NAME)
    assert whole.facts["fax_pages"] == "1"
    assert "fax_interrupted" not in whole.facts
    assert Image.open(io.BytesIO(whole.body)).width == 1728

    server.send_and_hang_up(32, PAGE, PAGE)
    assert bench.poll() == []  # the called machine still waits for the second page
    server.wait_for_end()
    bench.restart()
    (broken,) = bench.poll()
    assert broken.problem is None
    assert broken.facts["fax_interrupted"]
    assert broken.facts["fax_number"] == NUMBER
    assert whole.received_at and broken.received_at and whole.received_at < broken.received_at

    without_log = desk(server, log=False)
    without_log.clock.pass_by(10)
    assert [item.facts["fax_number"] for item in without_log.poll()] == [NUMBER, NUMBER]
