"""Pages, rendered on the server."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from cases import words
from cases.number import shown
from config.clock import local, local_date
from storage import channels, views
from storage.engine import Database


def overview(database: Database, now: datetime) -> str:
    """The page of a fresh installation: what came in, and whether anything waits."""
    with database.read() as connection:
        values: dict[str, Any] = {
            "now": now,
            "applications": views.applications(connection, limit=50)[::-1],
            "channels": channels.states(connection),
            "stages": views.queues(connection, now),
            "duties": len(views.duties(connection)),
            "quarantine": sum(views.quarantine_causes(connection).values()),
            "ledger": views.ledger(connection, since=local_date(now) - timedelta(days=1)),
        }
    return _environment().get_template("overview.html").render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("portal"), autoescape=select_autoescape(), trim_blocks=True
    )
    environment.filters["shown"] = shown
    environment.filters["acknowledgement"] = words.acknowledgement
    environment.filters["status"] = words.status
    environment.filters["clock"] = lambda moment: f"{local(moment):%d.%m.%Y %H:%M:%S}"
    return environment
