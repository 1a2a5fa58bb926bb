"""Real SIP calls: who rang, who was answered, and whom we owe a call."""

import pytest
from peers import sip
from peers.server import wait_until

from storage import tasks
from storage.tables import call

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (sip.KAMAILIO and sip.SIPP), reason="kamailio or sipp is missing"),
]


def states(house):
    with house.database.read() as connection:
        rows = connection.execute(call.select().order_by(call.c.id)).mappings()
        return [(row["state"], row["caller"]) for row in rows]


def test_a_call_that_was_answered_and_one_that_was_not(site, house, tmp_path):
    hook = site.url.replace("http://", "http://pbx:call%20secret@") + "/hooks/calls/phone"
    with sip.Exchange(tmp_path / "sip", hook) as exchange:
        assert exchange.call("05550001234") == 0
        wait_until(lambda: states(house) == [("ended", "+905550001234")], "the end of the call", 60)
        exchange.nobody_answers()
        exchange.call("05550009988")
        missed = ("missed", "+905550009988")
        wait_until(lambda: missed in states(house), "the missed call", 45)
    with house.database.read() as connection:
        [task] = tasks.open_ones(connection, kind="call_back")
    assert task.state == "open"
