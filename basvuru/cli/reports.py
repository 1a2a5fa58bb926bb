"""``report``: reports by hand and those that were made, figures, and what they are made of."""

import csv
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from basvuru.cli.common import AsJson, Config, Data, acting_user, existing, print_json, table
from config import clock

if TYPE_CHECKING:
    from basvuru.bootstrap import Application
    from storage.reporting.keeping import Report

Day = Annotated[
    str | None, typer.Option("--date", help="A day of the period, 2026-03-10; else the last one.")
]
PdfFile = Annotated[Path | None, typer.Option("--pdf", help="Write it as PDF.")]
XlsxFile = Annotated[Path | None, typer.Option("--xlsx", help="Write it as XLSX.")]
Language = Annotated[str, typer.Option("--language", help="tr or en.")]
Many = Annotated[list[str] | None, typer.Option("--by", help="Dimension, may be repeated.")]


def add_to(app: typer.Typer) -> None:
    topic = typer.Typer(help="Reports, figures, exports.", no_args_is_help=True)
    for kind in ("daily", "weekly", "monthly", "quarterly", "review"):
        topic.command(kind, help=_HELP[kind])(_maker(kind))
    topic.command("list")(listed)
    for command in (show, figures, query, behind, sample, policies, board, verify, rebuild):
        topic.command()(command)
    app.add_typer(topic, name="report")


_HELP = {
    "daily": "Make the report of a day.",
    "weekly": "Make the report of a week (Monday to Sunday).",
    "monthly": "Make the report of a month.",
    "quarterly": "Make the regulator's return on a quarter.",
    "review": "Make the pack for the management review of a quarter (ISO 10002 §8.6).",
}


def _maker(kind: str) -> Any:
    def make(
        day: Day = None,
        pdf: PdfFile = None,
        xlsx: XlsxFile = None,
        language: Language = "tr",
        as_json: AsJson = False,
        config: Config = None,
        data: Data = None,
    ) -> None:
        from cases.reports import making

        with existing(config, data) as app:
            now = clock.now()
            period = making.period_for(kind, _day(day), clock.local_date(now))
            people = [one.model_dump() for one in app.settings.reports.responsible]
            report, _ = making.make(
                app.database, kind, period, by=acting_user(), now=now, responsible=people,
                half_day_counts=app.settings.deadlines.half_day_counts,
            )  # fmt: skip
            _give(app, report, pdf, xlsx, language, as_json)

    return make


def listed(
    kind: Annotated[str | None, typer.Option(help="Only this kind.")] = None,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Reports that were made, newest first."""
    from storage.reporting import keeping

    with existing(config, data) as app, app.database.read() as connection:
        rows = keeping.listed(connection, kind=kind)
    if as_json:
        print_json(rows)
        return
    names = ("id", "kind", "first_day", "last_day", "revision", "made_at", "made_by")
    table(f"{len(rows)} reports", names, [[_text(row[name]) for name in names] for row in rows])


def show(
    report_id: Annotated[int, typer.Argument(help="Id, as `report list` says.")],
    pdf: PdfFile = None,
    xlsx: XlsxFile = None,
    language: Language = "tr",
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """A report as it was made, and which of its figures would be others today."""
    from cases.reports import making
    from storage.reporting import keeping

    with existing(config, data) as app:
        with app.database.read() as connection:
            report = keeping.load(connection, report_id)
            if report is None:
                raise typer.BadParameter(f"there is no report {report_id}")
            others = making.revisions(connection, report) if report.kind != "adhoc" else []
        _give(app, report, pdf, xlsx, language, as_json)
    if not making.verified(report):
        typer.echo("This report is NOT what was kept: its fingerprint does not fit.", err=True)
        raise typer.Exit(1)
    if others and not as_json:
        lines = [(one["name"], one["reported"], one["now"]) for one in others]
        table("Revised since", ("figure", "reported", "now"), lines)


def _give(
    app: "Application",
    report: "Report",
    pdf: Path | None,
    xlsx: Path | None,
    language: str,
    as_json: bool,
) -> None:
    from cases.reports.paper import pdf as on_paper
    from cases.reports.paper import xlsx as as_sheets

    stamp = on_paper.Stamp(app.settings.company.name, report.revision, report.hash, language)
    for file, write in ((pdf, on_paper.pdf), (xlsx, as_sheets.xlsx)):
        if file is not None:
            file.write_bytes(write(report.content, stamp))
            typer.echo(f"{file}: report {report.id}, revision {report.revision}", err=True)
    if as_json:
        print_json({**report.content, "id": report.id, "revision": report.revision})
    elif pdf is None and xlsx is None:
        _print(report, language)


def _print(report: "Report", language: str) -> None:
    from cases.reports import wording
    from cases.reports.paper import sheets

    content = report.content
    title = f"{wording.title(content, language)} – {wording.period_title(content, language)}"
    if report.kind == "adhoc":
        table(title, content["head"], content["rows"])
        return
    for one in (sheets.balance(content, language), sheets.figures(content, language)):
        table(f"{title}: {one.title}", one.head, one.rows)
    typer.echo(f"report {report.id}, revision {report.revision}; --pdf FILE, --xlsx FILE for more")


def figures(
    language: Language = "tr",
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As docs/reports.md has them.")
    ] = False,
) -> None:
    """Every figure with its definition."""
    from cases.reports import glossary
    from cases.reports.figures import figures as all_figures

    if markdown:
        typer.echo(glossary.markdown(), nl=False)
        return
    rows = [
        (one.name, one.tr, one.about_tr) if language == "tr" else (one.name, one.en, one.about_en)
        for one in all_figures().values()
    ]
    table(f"{len(rows)} figures", ("name", "figure", "definition"), rows)


def query(
    measures: Annotated[list[str], typer.Argument(help="Figures; `report figures` lists them.")],
    by: Many = None,
    span: Annotated[str, typer.Option(help="last_month, this_year, ...")] = "last_month",
    first: Annotated[str | None, typer.Option(help="First day, instead of a span.")] = None,
    last: Annotated[str | None, typer.Option(help="Last day.")] = None,
    where: Annotated[list[str] | None, typer.Option(help="type=complaint, repeatable.")] = None,
    save: Annotated[str | None, typer.Option(help="Keep it under this name.")] = None,
    schedule: Annotated[str, typer.Option(help="With --save: cron, Istanbul.")] = "",
    to: Annotated[list[str] | None, typer.Option(help="With --save: mail address.")] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Export; it is logged.")] = None,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Figures by dimensions, as you pick them."""
    from cases.reports import adhoc, calendar, exports

    conditions = dict(_pair(one) for one in where or ())
    choice = adhoc.Choice(measures, tuple(by or ()), span, _day(first), _day(last), conditions)
    now = clock.now()
    with existing(config, data) as app:
        with app.database.write() as connection:
            half = app.settings.deadlines.half_day_counts
            calendar.prepare(connection, clock.local_date(now), half_day_counts=half)
            if save:
                adhoc.save(connection, save, choice, schedule=schedule, recipients=to or (),
                           by=acting_user(), now=now)  # fmt: skip
        with app.database.read() as connection:
            found = adhoc.sheet(connection, choice, now, title=save or "")
        if csv_file is not None:
            with app.database.write() as connection:
                taken = exports.table_csv(
                    connection, found.head, found.raw, exports.Taker(acting_user()),
                    what="query", criteria=choice.definition(), now=now,
                )  # fmt: skip
            csv_file.write_bytes(taken)
            return
    if as_json:
        print_json([dict(zip(found.head, row, strict=True)) for row in found.raw])
        return
    table(f"{len(found.rows)} rows", found.head, found.rows)


def behind(
    figure: Annotated[str, typer.Argument(help="Figure; `report figures` lists them.")],
    first: Annotated[str, typer.Option(help="First day.")],
    last: Annotated[str, typer.Option(help="Last day.")],
    where: Annotated[list[str] | None, typer.Option(help="department=..., repeatable.")] = None,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """The applications behind a figure."""
    from cases.number import shown
    from cases.reports import exports
    from storage.reporting.counting import Slice

    begin, end = _day(first), _day(last)
    assert begin and end
    part = Slice(begin, end, dict(_pair(one) for one in where or ()))
    with existing(config, data) as app, app.database.read() as connection:
        try:
            found = exports.behind(connection, figure, part, lambda ids: ids)
        except KeyError as error:
            raise typer.BadParameter(f"there is no {error}") from None
    if as_json:
        print_json(found.rows)
        return
    names = ("received_day", "channel", "type", "branch", "department", "status", "outcome")
    lines = [[shown(row["number"]), *(_text(row[n]) for n in names)] for row in found.rows]
    table(f"{len(lines)} applications", ("number", *names), lines)


def sample(
    first: Annotated[str, typer.Option(help="First day of closing.")],
    last: Annotated[str, typer.Option(help="Last day of closing.")],
    size: Annotated[int, typer.Option(min=1, max=1000)] = 25,
    seed: Annotated[int, typer.Option(help="The same seed draws the same sample.")] = 1,
    as_json: AsJson = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """A sample of closed applications for an audit (ISO 10002 §8.5), with what to look at."""
    from cases.number import shown
    from cases.reports import periods, sampling
    from storage.reporting import lists

    begin, end = _day(first), _day(last)
    assert begin and end
    with existing(config, data) as app, app.database.read() as connection:
        ids = sampling.sample(connection, periods.span(begin, end), size, seed)
        rows = lists.facts_of(connection, ids)
    if as_json:
        print_json({"seed": seed, "checks": sampling.CHECKS, "applications": rows})
        return
    names = ("type", "department", "outcome", "settled_day", "legal_due_day")
    lines = [[shown(row["number"]), *(_text(row[n]) for n in names)] for row in rows]
    table(f"{len(lines)} applications, seed {seed}", ("number", *names), lines)
    for turkish, english in sampling.CHECKS:
        typer.echo(f"  [ ] {turkish} / {english}")


def policies(
    file: Annotated[Path, typer.Argument(help="CSV: month (2026-03), branch, policies, claims.")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Enter policies in force by branch and month: what complaints are divided by."""
    from storage.reporting import keeping

    rows = _policy_rows(file)
    with existing(config, data) as app, app.database.write() as connection:
        keeping.set_policies(connection, rows, by=acting_user(), now=clock.now())
    typer.echo(f"{len(rows)} rows entered")


def board(as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """What is open now, by department and status, and what happened today."""
    from storage.reporting import stock

    now = clock.now()
    with existing(config, data) as app, app.database.read() as connection:
        found = stock.board(connection, now, clock.local_date(now))
    if as_json:
        print_json(found)
        return
    names = ("department", "status", "open", "overdue", "oldest")
    table("Open applications", names, [[row[n] for n in names] for row in found["open"]])
    table("Today", ("what", "count"), sorted(found["today"].items()))


def verify(config: Config = None, data: Data = None) -> None:
    """Compare what is counted with the history, and kept reports with their fingerprints."""
    from cases.reports import making
    from storage.reporting import facts, keeping

    with existing(config, data) as app, app.database.read() as connection:
        wrong = facts.differences(connection)
        broken = [
            row["id"]
            for row in keeping.listed(connection, limit=10_000)
            if (report := keeping.load(connection, row["id"])) and not making.verified(report)
        ]
    typer.echo(f"{len(wrong)} applications are counted otherwise than their history says")
    typer.echo(f"{len(broken)} reports are not what was kept")
    if wrong or broken:
        typer.echo(
            f"applications {wrong[:20]}, reports {broken[:20]}; `report rebuild` counts anew"
        )
        raise typer.Exit(1)


def rebuild(config: Config = None, data: Data = None) -> None:
    """Count everything anew from the history, after an upgrade that brought new figures."""
    from storage.reporting import facts

    with existing(config, data) as app, app.database.write() as connection:
        typer.echo(f"{facts.rebuild(connection)} applications counted")


def _policy_rows(file: Path) -> list[tuple[date, str, int, int | None]]:
    rows: list[tuple[date, str, int, int | None]] = []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        dialect = csv.Sniffer().sniff(lines.read(2000), ";,\t")
        lines.seek(0)
        for place, row in enumerate(csv.DictReader(lines, dialect=dialect), 2):
            try:
                month = date.fromisoformat(f"{row['month'].strip()[:7]}-01")
                claims = int(row["claims"]) if row.get("claims") else None
                rows.append((month, row["branch"].strip(), int(row["policies"]), claims))
            except (KeyError, ValueError, AttributeError):
                raise typer.BadParameter(f"{file}, line {place}: cannot be read") from None
    return rows


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day like 2026-03-10") from None


def _pair(text: str) -> tuple[str, str | None]:
    name, sign, value = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"{text!r} is not like type=complaint")
    return name, value or None


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) and not hasattr(value, "hour") else value
