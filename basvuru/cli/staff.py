"""``staff``: accounts, for those who have the machine: the first one, and lost ones."""

from typing import Annotated

import typer

from basvuru.cli.common import (
    AsJson,
    Config,
    Data,
    acting_user,
    existing,
    print_json,
    table,
)
from cases.rights import Role
from config import clock
from config.errors import ConfigurationError
from storage import invitations, staffing
from storage import staff as accounts
from storage.engine import Connection
from storage.staff import Account

Login = Annotated[str, typer.Argument(help="Login of the account.")]


def add_to(app: typer.Typer) -> None:
    topic = typer.Typer(help="Accounts of staff.", no_args_is_help=True)
    topic.command()(add)
    topic.command("list")(list_accounts)
    topic.command()(disable)
    topic.command()(enable)
    topic.command()(reset)
    app.add_typer(topic, name="staff")


def add(
    login: Login,
    name: Annotated[str, typer.Option(help="Name as colleagues read it.")],
    role: Annotated[list[Role], typer.Option(help="May be given more than once.")],
    email: Annotated[str, typer.Option(help="Mail address.")] = "",
    department: Annotated[str | None, typer.Option(help="Code of the department.")] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Make an account; prints the one-time link with which its owner chooses a password."""
    with existing(config, data) as one, one.database.write() as connection:
        now = clock.now()
        made = accounts.add(
            connection,
            login=login,
            name=name,
            roles=[str(r) for r in role],
            email=email,
            department=department,
            by=acting_user(),
            now=now,
        )
        if made is None:
            raise ConfigurationError(f"There is an account {login} already.")
        roles = {"made": [str(r) for r in role]}
        staffing.note(connection, acting_user(), login, roles, now)
        typer.echo(one.base_url + invitations.invite(connection, _find(connection, login), now))


def list_accounts(as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """List accounts."""
    with existing(config, data) as one, one.database.read() as connection:
        found = accounts.every(connection)
    if as_json:
        print_json([_as_dict(account) for account in found])
        return
    rows = [
        (a.login, a.name, ", ".join(a.roles), a.department, _state(a), a.signed_in_at)
        for a in found
    ]
    heads = ("login", "name", "roles", "department", "state", "signed in")
    table(f"{len(found)} accounts", heads, rows)


def disable(login: Login, config: Config = None, data: Data = None) -> None:
    """End all sessions of an account and let it in no more."""
    with existing(config, data) as one, one.database.write() as connection:
        staffing.disable(connection, _find(connection, login), clock.now())
        staffing.note(connection, acting_user(), login, {"disabled": True}, clock.now())
    typer.echo(f"{login} is disabled.")


def enable(login: Login, config: Config = None, data: Data = None) -> None:
    """Let an account in again."""
    with existing(config, data) as one, one.database.write() as connection:
        staffing.enable(connection, _find(connection, login))
        staffing.note(connection, acting_user(), login, {"disabled": False}, clock.now())
    typer.echo(f"{login} is enabled.")


def reset(login: Login, config: Config = None, data: Data = None) -> None:
    """Void password and one-time codes, end sessions; prints a new one-time link."""
    with existing(config, data) as one, one.database.write() as connection:
        account = _find(connection, login)
        staffing.reset(connection, account)
        staffing.note(connection, acting_user(), login, {"reset": True}, clock.now())
        typer.echo(one.base_url + invitations.invite(connection, account, clock.now()))


def _find(connection: Connection, login: str) -> Account:
    account = accounts.find(connection, login)
    if account is None:
        raise ConfigurationError(
            f"There is no account {login}.", remedy="See `basvuru staff list`."
        )
    return account


def _state(account: Account) -> str:
    if account.disabled_at:
        return "disabled"
    return "active" if account.password or account.subject else "invited"


def _as_dict(account: Account) -> dict[str, object]:
    names = ("id", "login", "name", "email", "department", "roles", "created_at", "signed_in_at")
    shown = {name: getattr(account, name) for name in names}
    return shown | {"state": _state(account), "codes": account.code_key is not None}
