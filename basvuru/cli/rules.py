"""``rules`` and ``taxonomy``: what suggests and routes, tried on past applications first."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from basvuru.cli.applications import parse_since
from basvuru.cli.common import AsJson, Config, Data, acting_user, existing, print_json, table
from config import clock
from config.errors import BasvuruError

if TYPE_CHECKING:
    from cases.rules.book import Trial
    from storage.rules import RuleRow

Use = Annotated[Literal["suggest", "route"], typer.Argument(help="suggest or route.")]
Name = Annotated[str, typer.Argument(help="Name of the rule.")]
Gives = Annotated[
    list[str], typer.Option("--gives", help="FIELD=VALUE: type, branch, topic; department.")
]
Condition = Annotated[str, typer.Option(help="See docs/assessment.md.")]
Position = Annotated[int | None, typer.Option(help="Rules are asked in this order.")]
Note = Annotated[str, typer.Option(help="Why, for the history.")]


def add_to(app: typer.Typer) -> None:
    topic = typer.Typer(
        help="Rules that suggest and that route, tried before they are switched on.",
        no_args_is_help=True,
    )
    for command in (put, on, off, remove):
        topic.command()(command)
    topic.command("list")(list_rules)
    topic.command("try")(try_rule)
    app.add_typer(topic, name="rules")
    app.command()(taxonomy)


def list_rules(use: Use, as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """List rules in the order in which they are asked; the first that holds decides."""
    from storage import rules

    with existing(config, data) as one, one.database.read() as connection:
        found = rules.rules(connection, use)
    if as_json:
        print_json([{n: getattr(r, n) for n in r.__slots__} for r in found])
        return
    lines = [
        (r.position, "on" if r.is_on else "off", r.name, _gives(r), r.condition, r.by)
        for r in found
    ]
    columns = ("position", "state", "name", "gives", "condition", "by")
    table(f"{len(lines)} rules", columns, lines)


def put(
    use: Use,
    name: Name,
    condition: Condition,
    gives: Gives,
    position: Position = None,
    note: Note = "",
    config: Config = None,
    data: Data = None,
) -> None:
    """Write a rule, or a new version of one. It is switched off until you switch it on."""
    from cases.rules import book

    draft = book.Draft(use, name, condition, _parsed(gives), position)
    with existing(config, data) as one, one.database.write() as connection:
        try:
            book.put(connection, draft, by=acting_user(), note=note, now=clock.now())
        except BasvuruError as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"{name}: written, and off. Try it: basvuru rules try {use} {name}")


def on(use: Use, name: Name, note: Note = "", config: Config = None, data: Data = None) -> None:
    """Switch a rule on."""
    _switch(use, name, True, note, config, data)


def off(use: Use, name: Name, note: Note = "", config: Config = None, data: Data = None) -> None:
    """Switch a rule off."""
    _switch(use, name, False, note, config, data)


def _switch(use: Use, name: str, wanted: bool, note: str, config: Config, data: Data) -> None:
    from cases.rules import book

    with existing(config, data) as one, one.database.write() as connection:
        try:
            book.switch(connection, use, name, wanted, by=acting_user(), note=note, now=clock.now())
        except book.BadRule as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"{name}: {'on' if wanted else 'off'}.")


def remove(use: Use, name: Name, config: Config = None, data: Data = None) -> None:
    """Take a rule out of the book; its versions stay readable."""
    from cases.rules import book

    with existing(config, data) as one, one.database.write() as connection:
        try:
            book.remove(connection, use, name, now=clock.now())
        except book.BadRule as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"{name}: removed.")


def try_rule(
    use: Use,
    name: Annotated[str, typer.Argument(help="A rule; or a new name with --condition, --gives.")],
    condition: Annotated[str, typer.Option(help="Try this condition instead.")] = "",
    gives: Annotated[list[str] | None, typer.Option(help="FIELD=VALUE.")] = None,
    since: Annotated[
        str, typer.Option(help="Applications recorded since: 2026-03-10, 30d.")
    ] = "365d",
    alone: Annotated[bool, typer.Option(help="Without the other rules.")] = False,
    *,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Say what a rule would have done with past applications. Changes nothing."""
    from cases.rules import book
    from storage import rules

    now = clock.now()
    with existing(config, data) as one, one.database.read() as connection:
        stored = rules.rule(connection, use, name)
        if stored is None and not (condition and gives):
            raise typer.BadParameter(f"there is no rule {name!r}: give --condition and --gives")
        draft = book.Draft(
            use,
            name,
            condition or (stored.condition if stored else ""),
            _parsed(gives) if gives else (stored.gives if stored else {}),
        )
        try:
            row = book.as_row(connection, draft, by=acting_user(), now=now)
        except BasvuruError as error:
            raise typer.BadParameter(str(error)) from None
        there = [] if alone else rules.rules(connection, use, only_on=True)
        tried = book.compiled(book.with_trial(there, [row]))
        start, end = parse_since(since), now + timedelta(seconds=1)
        trials = {
            field: book.try_out(connection, field, tried, start=start, end=end)
            for field in row.gives
        }
    _show(trials, name, as_json, start)


def _show(trials: "dict[str, Trial]", name: str, as_json: bool, start: datetime) -> None:
    if as_json:
        print_json(
            {
                field: {
                    "seen": trial.seen,
                    "matched": trial.matched,
                    "given": trial.given,
                    "moved": [[*pair, n] for pair, n in trial.moved.most_common()],
                    "examples": trial.examples,
                }
                for field, trial in trials.items()
            }
        )
        return
    for field, trial in trials.items():
        typer.echo(
            f"{field}: {trial.matched[name]} of {trial.seen} applications since "
            f"{start:%d.%m.%Y} would be decided by {name}."
        )
        moved = [(before or "–", after, n) for (before, after), n in trial.moved.most_common(30)]
        table("What would change, with all rules", ("now", "then", "applications"), moved)


def _parsed(gives: list[str]) -> dict[str, str]:
    out = {}
    for one in gives:
        field, equals, value = one.partition("=")
        if not equals or not value:
            raise typer.BadParameter(f"{one!r} is not like FIELD=VALUE")
        out[field.strip()] = value.strip()
    return out


def _gives(rule: "RuleRow") -> str:
    return ", ".join(f"{field}={value}" for field, value in rule.gives.items())


def taxonomy(
    kind: Annotated[Literal["branch", "topic", "cause"], typer.Argument()],
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """List the branches, topics or causes that can be chosen."""
    from storage import taxonomy as stored

    with existing(config, data) as one, one.database.read() as connection:
        found = stored.entries(connection, kind)
    if as_json:
        print_json([{n: getattr(e, n) for n in e.__slots__} for e in found])
        return
    lines = [(e.code, e.name_tr, e.name_en, e.regulator_code) for e in found]
    table(f"{len(lines)} of {kind}", ("code", "Turkish", "English", "regulator"), lines)
