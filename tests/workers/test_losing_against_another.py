"""A transaction that only lost against another one is done again at once; its rows do not rest."""

import threading

import pytest
from peers.world import World, mail
from sqlalchemy import Connection, text

from storage import work
from storage.engine import Database
from workers.stages.record import Record


def take(connection: Connection, key: int, *, patience: str) -> None:
    connection.execute(text(f"SET LOCAL deadlock_timeout = '{patience}'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


class Rival:
    """Holds one lock and wants another; patient, so that it wins."""

    def __init__(self, database: Database) -> None:
        self.database, self.holds_one = database, threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with self.database.write() as connection:
            take(connection, 2, patience="30s")
            self.holds_one.set()
            take(connection, 1, patience="30s")


@pytest.mark.slow
def test_a_deadlock_is_tried_again_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    if world.database.is_sqlite:
        pytest.skip("SQLite has one writer")
    world.land(mail("Dosyam sonuçlanmadı, bilgi rica ederim. Cep: 0555 000 12 34", key="1"))
    world.stages["mail"].run(None)
    rival, still_ours, tries = Rival(world.database), work.still_ours, []

    def contended(connection, held, ids):
        tries.append(1)
        if len(tries) == 1:
            take(connection, 1, patience="10ms")
            rival.thread.start()
            assert rival.holds_one.wait(10)
            take(connection, 2, patience="500ms")
        return still_ours(connection, held, ids)

    monkeypatch.setattr(work, "still_ours", contended)
    stage = world.stages["record"]
    assert isinstance(stage, Record)
    stage.run(None)
    rival.thread.join(10)
    assert len(tries) > 1
    assert len(world.applications()) == 1
