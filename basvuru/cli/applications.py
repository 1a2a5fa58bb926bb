"""``applications`` and ``duties``: what was recorded, and whom we still owe the number."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from basvuru.cli.common import AsJson, Config, Data, acting_user, existing, print_json, table
from cases import duties as cases_duties
from cases.number import shown
from config import clock
from config.clock import ISTANBUL
from storage import views

Number = Annotated[str, typer.Argument(help="Application number.")]


def add_to(app: typer.Typer) -> None:
    app.command()(applications)
    topic = typer.Typer(help="Applicants who may not know their number.", no_args_is_help=True)
    topic.command("list")(duties)
    topic.command()(met)
    topic.command()(resend)
    app.add_typer(topic, name="duties")


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


def met(
    number: Number,
    how: Annotated[str, typer.Option(help="phone, letter, in person, ...")],
    config: Config = None,
    data: Data = None,
) -> None:
    """A person told the applicant the number: the duty is met, and the history says how."""
    _settle(number, "met", how, config, data)
    typer.echo(f"{number}: met ({how}).")


def resend(number: Number, config: Config = None, data: Data = None) -> None:
    """Hand the acknowledgement over once more, after a person decided that it did not arrive."""
    with existing(config, data) as one:
        rows = _settle(number, "pending", "resent", config, data)
        one.bell.ring(rows)
    typer.echo(f"{number}: is handed over again.")


def _settle(
    number: str, state: str, how: str, config: Path | None, data: Path | None
) -> dict[str, list[int]]:
    with existing(config, data) as one, one.database.write() as connection:
        try:
            return cases_duties.settle(
                connection, number, state, how, by=acting_user(), now=clock.now()
            )
        except cases_duties.NoSuchDuty as error:
            raise typer.BadParameter(str(error)) from None


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
    try:
        if text[-1:] in units and text[:-1].isdecimal():
            return clock.now() - timedelta(**{units[text[-1]]: int(text[:-1])})
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ISTANBUL)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text!r} is neither a time nor like 90m, 24h, 7d") from None
