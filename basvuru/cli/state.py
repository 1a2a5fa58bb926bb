"""``check`` and ``status``: is it set up, and is anything wrong?"""

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import typer

from basvuru.cli.common import AsJson, Config, Data, age, application, existing, print_json, table
from cases.board import TROUBLE, aged, gap_sentence, sentence
from config import clock
from storage import board, channels, daemons, views

if TYPE_CHECKING:
    from basvuru.bootstrap import Application


def add_to(app: typer.Typer) -> None:
    app.command()(check)
    app.command()(status)


def check(as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """Look at settings, database, broker, channels, gateway and OCR: a line each."""
    from basvuru.checks import all_checks

    with application(config, data, quiet=True) as one:
        findings = list(all_checks(one))
    if as_json:
        print_json([{name: getattr(f, name) for name in f.__slots__} for f in findings])
    else:
        for finding in findings:
            mark = "ok " if finding.ok else "BAD"
            typer.echo(f"{mark} {finding.subject}: {finding.detail}")
            if not finding.ok and finding.remedy:
                typer.echo(f"    → {finding.remedy}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


def status(as_json: AsJson = False, config: Config = None, data: Data = None) -> None:
    """What waits where and since when, channels, ledger, outbox, workers."""
    with existing(config, data) as one:
        found = look(one)
    if as_json:
        print_json(found)
    else:
        _print(found)


def look(one: "Application") -> dict[str, Any]:
    """Everything that ``status`` shows, as JSON."""
    now = clock.now()
    with one.database.read() as connection:
        landed = views.landed_since(connection, now - timedelta(hours=1))
        lines = [aged(line, now) for line in board.lines(connection)]
        return {
            "at": now,
            "channels": [
                {
                    "name": state.name,
                    "kind": state.kind,
                    "state": _channel_state(state, now),
                    "rate_per_hour": landed.get(state.name, 0),
                    "failures": state.failures,
                    "parked_until": state.parked_until,
                    "reason": state.parked_reason,
                    "remedy": state.parked_remedy,
                    "last_ok_at": state.last_ok_at,
                    "last_item_at": state.last_item_at,
                    "reader": state.lease_holder,
                }
                for state in channels.states(connection)
            ],
            "access": [
                {name: getattr(line, name) for name in line.__slots__}
                | {"sentence": sentence(line, now) if line.state in TROUBLE else ""}
                for line in lines
            ],
            "gaps": [
                {name: getattr(gap, name) for name in gap.__slots__}
                | {"sentence": gap_sentence(gap)}
                for gap in board.gaps(connection)
            ],
            "stages": views.queues(connection, now),
            "quarantine": views.quarantine_causes(connection),
            "outbox": views.outbox(connection, now),
            "open_duties": len(views.duties(connection)),
            "ledger": views.ledger(connection, since=clock.local_date(now) - timedelta(days=7)),
            "processes": [
                {"id": name, "role": role, "silent_seconds": (now - beat).total_seconds()}
                for name, role, beat in daemons.alive(connection, now - timedelta(minutes=10))
            ],
        }


def _channel_state(state: channels.ChannelState, now: Any) -> str:
    if state.stopped:
        return "stopped"
    if state.parked_until and state.parked_until > now:
        return "parked"
    if state.lease_until and state.lease_until > now:
        return "reading"
    return "nobody reads it"


def _print(found: dict[str, Any]) -> None:
    now = found["at"]
    table(
        "Channels",
        ("name", "kind", "state", "items/h", "last ok", "last item", "why"),
        [
            (
                c["name"],
                c["kind"],
                c["state"],
                c["rate_per_hour"],
                _ago(now, c["last_ok_at"]),
                _ago(now, c["last_item_at"]),
                " ".join(filter(None, (c["reason"], c["remedy"]))),
            )
            for c in found["channels"]
        ],
    )
    for line in [*found["access"], *found["gaps"]]:
        if line["sentence"]:
            typer.echo(f"! {line['sentence']}")
    table(
        "Waiting",
        ("stage", "queue", "waiting", "oldest", "held", "put off"),
        [
            (s["stage"], s["queue"], s["waiting"], age(s["oldest_age"]), s["held"], s["put_off"])
            for s in found["stages"]
        ],
    )
    table("Quarantine", ("cause", "items"), list(found["quarantine"].items()))
    table(
        "Outbox",
        ("medium", "state", "rows", "oldest"),
        [(o["medium"], o["state"], o["count"], age(o["oldest_age"])) for o in found["outbox"]],
    )
    names = (
        "channel",
        "day",
        "seen",
        "landed",
        "already_had",
        "refused",
        "recorded",
        "attached",
        "ours",
        "marks",
        "quarantined",
        "waiting",
    )
    table(
        "Ledger",
        (*names, "balances"),
        [(*(row[n] for n in names), "yes" if row["balances"] else "NO") for row in found["ledger"]],
    )
    table(
        "Processes",
        ("process", "role", "last heard"),
        [(p["id"], p["role"], age(p["silent_seconds"])) for p in found["processes"]],
    )


def _ago(now: Any, moment: Any) -> str:
    return age((now - moment).total_seconds()) if moment else "never"
