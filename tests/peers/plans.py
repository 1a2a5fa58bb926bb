"""What PostgreSQL expects the statements of a page to cost: the same on a busy machine."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from storage.engine import Database


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Every SELECT that is sent meanwhile, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH", "(SELECT")):
            sent.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def cost(database: Database, look: Callable[[], object]) -> float:
    """Of all that ``look`` asks, in the planner's units: one is a page read in sequence."""
    with statements(database) as sent:
        look()
    assert sent
    return price(database, sent)


def price(database: Database, sent: Sequence[tuple[str, Any]]) -> float:
    """Of statements that were sent."""
    with database.engine.connect() as connection:
        plans = [
            connection.exec_driver_sql(
                f"EXPLAIN (FORMAT JSON) {statement}", parameters
            ).scalar_one()
            for statement, parameters in sent
        ]
    read = [json.loads(plan) if isinstance(plan, str) else plan for plan in plans]
    return sum(plan[0]["Plan"]["Total Cost"] for plan in read)
