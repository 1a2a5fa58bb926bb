"""``gateway``: the SMS gateways that are installed, and whether ours works."""

import sys
from typing import Annotated

import typer

from basvuru.cli.common import AsJson, Config, Data, application, print_json, table


def add_to(app: typer.Typer) -> None:
    topic = typer.Typer(help="SMS gateways.", no_args_is_help=True)
    topic.command("list")(list_kinds)
    topic.command()(describe)
    topic.command()(check)
    app.add_typer(topic, name="gateway")


def list_kinds(as_json: AsJson = False) -> None:
    """List every installed gateway."""
    from workers.gateways.registry import declarations

    found = declarations().values()
    if as_json:
        print_json([{"kind": one.kind, "summary": one.summary} for one in found])
        return
    table("Gateways", ("kind", "summary"), [(one.kind, one.summary) for one in found])


def describe(kind: Annotated[str, typer.Argument(help="Kind from `gateway list`.")]) -> None:
    """Print the settings of a gateway: they stand in [sms.options]."""
    from workers.gateways.registry import declarations

    found = declarations().get(kind)
    if found is None:
        raise typer.BadParameter(f"there is no gateway {kind}")
    typer.echo(f"{found.kind}: {found.summary}\n\n[sms]\ngateway = {found.kind!r}\n\n[sms.options]")
    for name, field in found.settings.model_fields.items():
        typer.echo(f"# {' '.join((field.description or '').split())}")
        needed = "  # required" if field.is_required() else f" = {field.default!r}"
        typer.echo(f"{name}{needed}")


def check(config: Config = None, data: Data = None) -> None:
    """Ask the configured gateway whether our account works. Sends nothing."""
    with application(config, data, quiet=True) as one:
        ok, detail = one.gateway.check()
        kind = one.settings.sms.gateway
        address = f"{one.base_url}/hooks/sms/{kind}/{one.signature(f'sms/{kind}')}"
    typer.echo(f"{'ok ' if ok else 'BAD'} {kind}: {detail}")
    typer.echo(f"Receipts that are posted to one address go to {address}")
    if not ok:
        sys.exit(1)
