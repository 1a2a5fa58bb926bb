"""``applications`` and ``duties``: what was recorded, and whom we still owe the number."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from basvuru.cli.common import AsJson, Config, Data, existing, print_json, table
from cases.number import shown
from config import clock
from config.clock import ISTANBUL
from storage import views


def add_to(app: typer.Typer) -> None:
    app.command()(applications)
    app.command()(duties)


def applications(
    since: Annotated[
        str | None,
        typer.Option(help="Recorded since: 2026-03-10, 2026-03-10T09:00, or 90m, 24h, 7d."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the newest so many.")] = None,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """List applications, oldest first."""
    moment = parse_since(since) if since else None
    with existing(config, data) as one, one.database.read() as connection:
        rows = views.applications(connection, since=moment, limit=limit)
    if as_json:
        print_json(rows)
        return
    columns = ("number", "channel", "recorded", "messages", "files", "acknowledged", "subject")
    lines = [
        (
            shown(row["number"]),
            row["channel"],
            row["recorded_at"],
            row["message_count"],
            row["attachment_count"],
            _acknowledged(row["acknowledgement"]),
            row["subject"][:60],
        )
        for row in rows
    ]
    table(f"{len(rows)} applications", columns, lines)


def _acknowledged(owed: dict[str, str]) -> str:
    return f"{owed['state']} ({owed['channel']})" if owed["channel"] else owed["state"]


def duties(as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """Applicants who may not know their number: no way to reach them, failed, or unknown."""
    with existing(config, data) as one, one.database.read() as connection:
        rows = views.duties(connection)
    if as_json:
        print_json(rows)
        return
    lines = [
        (shown(r["number"]), r["channel"], r["recorded_at"], r["medium"], r["state"], r["detail"])
        for r in rows
    ]
    table(
        f"{len(rows)} open duties",
        ("number", "channel", "recorded", "medium", "state", "why"),
        lines,
    )


def parse_since(text: str) -> datetime:
    """A date or time in Istanbul, or how long ago. Raises typer.BadParameter."""
    units = {"m": "minutes", "h": "hours", "d": "days"}
    if text[-1:] in units and text[:-1].isdigit():
        return clock.now() - timedelta(**{units[text[-1]]: int(text[:-1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is neither a time nor like 90m, 24h, 7d") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ISTANBUL)
