"""What a connection to PostgreSQL is told before anything is asked of it."""

import pytest


def test_statements_are_not_compiled(database):
    if database.is_sqlite:
        pytest.skip("SQLite compiles nothing")
    with database.read() as connection:
        assert connection.exec_driver_sql("SHOW jit").scalar() == "off"
