"""What a batch costs the database does not grow with the rows in it."""

import pytest
from peers.world import World, mail
from sqlalchemy import event

BOUNDS = {"mail": 12, "record": 50, "suggest": 30, "sms": 10}
"""Statements that a stage may send for one batch, looking for rows that failed before included."""


@pytest.fixture
def statements(database):
    sent: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    return sent


def counted(world: World, statements: list[str], first: int, count: int) -> dict[str, int]:
    """Statements of each stage for ``count`` new applications."""
    world.land(
        *(
            mail(
                f"Dosyam {n} sonuçlanmadı. Cep: 0555 1{n:02d} 12 34",
                key=f"m{n}",
                sender=f"k{n}@example.test",
            )
            for n in range(first, first + count)
        )
    )
    out = {}
    for stage in BOUNDS:
        statements.clear()
        world.stages[stage].run(None)
        out[stage] = len(statements)
    return out


def test_a_batch_of_forty_takes_no_more_statements_than_one_of_four(
    database, tmp_path, now, statements
):
    world = World(database, tmp_path, now, sms={"per_second": 1e6})
    world.gateway.max_batch = 50
    counted(world, statements, 0, 2)  # what is asked only once
    few, many = counted(world, statements, 10, 4), counted(world, statements, 20, 40)
    assert len(world.gateway.taken) == 46
    assert few == many
    over = {stage: count for stage, count in many.items() if count > BOUNDS[stage]}
    assert not over
