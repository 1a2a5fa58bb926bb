"""``deadlines``: what is due, the calendar, the rules, and when something would be due."""

from datetime import date, datetime
from typing import Annotated

import typer

from basvuru.cli.common import AsJson, Config, Data, acting_user, existing, print_json, table
from config import clock
from config.clock import ISTANBUL, local, local_date


def add_to(app: typer.Typer) -> None:
    topic = typer.Typer(help="What is due, the calendar, and the rules.", no_args_is_help=True)
    topic.command("list")(list_due)
    topic.command()(rules)
    topic.command()(when)
    topic.command()(calendar)
    topic.command("set-day")(set_day)
    topic.command("complete-year")(complete_year)
    app.add_typer(topic, name="deadlines")


def list_due(
    department: Annotated[str | None, typer.Option(help="Code of one department.")] = None,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """List what is overdue, due today, and due within three working days, the first one first."""
    from cases.deadlines import service, watch
    from cases.number import shown

    now = clock.now()
    with existing(config, data) as one, one.database.read() as connection:
        counted = one.settings.deadlines.half_day_counts
        law = service.law(connection, half_day_counts=counted)
        found = watch.day_list(connection, department, calendar=law.calendar, now=now)
    if as_json:
        print_json({name: getattr(found, name) for name in found.__slots__})
        return
    lines = [
        (when, shown(r["number"]), r["clock"], r["due_at"], r["warned"], r["department"], r["type"])
        for when, rows in (
            ("overdue", found.overdue),
            ("today", found.today),
            ("next days", found.next_days),
        )
        for r in rows
    ]
    columns = ("when", "number", "clock", "due", "warned %", "department", "type")
    table(f"{len(lines)} deadlines", columns, lines)


def rules(as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """List the deadline rules that are in force, with their sources."""
    from storage import deadlines

    with existing(config, data) as one, one.database.read() as connection:
        found = deadlines.rules(connection)
    if as_json:
        print_json(found)
        return
    names = ("name", "clock", "length", "unit", "start", "condition", "source")
    table(f"{len(found)} rules", names, [tuple(row[name] for name in names) for row in found])


def when(
    rule: Annotated[str, typer.Argument(help="Name of a rule: `basvuru deadlines rules`.")],
    start: Annotated[str, typer.Argument(help="Day, or day and time, in Istanbul: 2026-03-10.")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Say when something that began at a moment is due under a rule."""
    from cases.deadlines import service
    from cases.deadlines.rules import due_at

    try:
        moment = datetime.fromisoformat(start)
    except ValueError:
        raise typer.BadParameter(f"{start!r} is no day like 2026-03-10") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ISTANBUL)
    with existing(config, data) as one, one.database.read() as connection:
        counted = one.settings.deadlines.half_day_counts
        law = service.law(connection, half_day_counts=counted)
    named = [r for r in law.rules if r.name == rule]
    if not named:
        raise typer.BadParameter(f"there is no deadline rule {rule!r}")
    due = local(due_at(named[0], moment, law.calendar))
    days = law.calendar.working_days(local_date(moment), due.date())
    typer.echo(f"{due:%d.%m.%Y %H:%M} ({days} working days; {named[0].source})")


def calendar(
    year: Annotated[int | None, typer.Argument(help="This year where none is given.")] = None,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """List the holidays of a year, and say until when the calendar reaches."""
    from cases.deadlines.watch import months_left
    from storage import calendar as stored

    today = local_date(clock.now())
    year = year or today.year
    with existing(config, data) as one, one.database.read() as connection:
        found = stored.days(connection, date(year, 1, 1), date(year, 12, 31))
        last = stored.last_year(connection)
    if as_json:
        print_json([{name: getattr(d, name) for name in d.__slots__} for d in found])
        return
    lines = [(f"{d.day:%d.%m.%Y %a}", d.kind, d.name, d.source, d.by) for d in found]
    table(f"{year}: {len(lines)} days", ("day", "kind", "name", "source", "by"), lines)
    typer.echo(f"The calendar reaches to the end of {last} ({months_left(last, today)} months).")


def set_day(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])],
    kind: Annotated[str, typer.Argument(help="full, half or working.")],
    name: Annotated[str, typer.Argument(help="Why: a name for the day.")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Make a day a holiday, a half one, or a working day. Deadlines that are set already stay."""
    from cases.deadlines import desk

    with existing(config, data) as one, one.database.write() as connection:
        try:
            desk.change_day(connection, day.date(), kind, name, by=acting_user(), now=clock.now())
        except desk.NotAllowed as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"{day:%d.%m.%Y}: {kind} ({name}).")


def complete_year(
    year: Annotated[int, typer.Argument(min=2027, max=2200)],
    config: Config = None,
    data: Data = None,
) -> None:
    """Say that all holidays of a year are in the calendar."""
    from cases.deadlines import desk

    with existing(config, data) as one, one.database.write() as connection:
        try:
            desk.complete_year(connection, year, by=acting_user(), now=clock.now())
        except desk.NotAllowed as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"The calendar reaches to the end of {year}.")
