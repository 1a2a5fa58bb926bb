"""``classifier``: suggestions learned from the company's own closed applications."""

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from basvuru.cli.applications import parse_since
from basvuru.cli.common import AsJson, Config, Data, existing, print_json, table
from config import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.assessment.training import Measured

Since = Annotated[str, typer.Option(help="Applications recorded since: 2026-03-10, 730d.")]


def add_to(app: typer.Typer) -> None:
    topic = typer.Typer(
        help="Suggestions learned from your own closed applications.", no_args_is_help=True
    )
    topic.command()(train)
    topic.command()(evaluate)
    app.add_typer(topic, name="classifier")


def train(
    since: Since = "1095d", as_json: AsJson = False, config: Config = None, data: Data = None
) -> None:
    """Learn from closed applications, and say how well the newest fifth was guessed by what was
    learned from the older ones. Running workers take the new model up by themselves."""
    from cases.assessment import classifier, training

    with existing(config, data) as one:
        now = clock.now()
        with one.database.read() as connection:
            known = training.samples(connection, parse_since(since), now)
        model, measured = training.train(known, now=now)
        digest = classifier.save(model, one.places.classifier)
    if not as_json:
        typer.echo(f"Learned from {len(known)} applications; {one.places.classifier}")
        typer.echo(f"SHA-256 {digest}")
    _show(measured, as_json)


def evaluate(
    since: Annotated[str, typer.Option(help="Recorded since; else since it was trained.")] = "",
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Measure the trained classifier on applications that were closed after it was trained."""
    from datetime import datetime

    from cases.assessment import classifier, training

    with existing(config, data) as one:
        if not one.places.classifier.exists():
            typer.echo("No classifier is trained: rules suggest alone.", err=True)
            sys.exit(1)
        model = classifier.load(one.places.classifier)
        start = parse_since(since) if since else datetime.fromisoformat(model.about["trained_at"])
        with one.database.read() as connection:
            unseen = training.samples(connection, start, clock.now() + timedelta(seconds=1))
    if not unseen:
        typer.echo("No application that it has not seen was closed since.", err=True)
        sys.exit(1)
    _show(training.evaluate(model, unseen, trained=model.about["applications"]), as_json)


def _show(measured: "Sequence[Measured]", as_json: bool) -> None:
    if as_json:
        print_json([{n: getattr(m, n) for n in m.__slots__} for m in measured])
        return
    lines = [
        (
            m.field,
            m.classes,
            m.tested,
            f"{m.right:.1%}",
            f"{m.shown:.1%}",
            f"{m.shown_right:.1%}",
            f"{m.most_common:.1%}",
        )
        for m in measured
    ]
    columns = ("field", "answers", "tested", "right", "shown", "right where shown", "most common")
    table("On applications that it had not seen", columns, lines)
