"""What the telephone system tells us of a call: who rings, who answers, and whom we owe a call."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from cases.person import blind
from normalizers.text import phones
from storage import calls, tasks
from storage.calls import Call, OpenApplication
from storage.engine import Connection
from storage.tasks import NewTask

Happened = Literal["ring", "answer", "end", "failed"]
CALL_BACK = "call_back"
"""Kind of the task that a missed call becomes."""


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One post of the telephone system. ``call_id`` is its own; events come in any order, twice,
    or not at all."""

    happened: Happened
    call_id: str
    caller: str = field(default="", repr=False)
    called: str = ""
    agent: str = ""
    recording: str = ""


def take(
    connection: Connection,
    account: str,
    event: CallEvent,
    *,
    call_back: timedelta,
    now: datetime,
) -> int:
    """Write down what happened. Returns the id of the call. Safe to run twice."""
    call = calls.begin(
        connection,
        account,
        event.call_id,
        caller=number_of(event.caller),
        called=event.called[:40],
        agent=event.agent[:100],
        now=now,
    )
    if event.recording:
        calls.note(connection, call.id, recording=event.recording[:1_000])
    if event.happened == "answer" and calls.move(connection, call, "answered", answered_at=now):
        _reached(connection, call, now)
    elif event.happened == "failed" or (event.happened == "end" and call.state == "ringing"):
        if calls.move(connection, call, "missed", ended_at=now):
            _missed(connection, call, now + call_back, now)
    elif event.happened == "end":
        calls.move(connection, call, "ended", ended_at=now)
    return call.id


def number_of(caller: str) -> str:
    """E.164 where it is a number; digits as they came for an extension; empty when withheld."""
    known = phones.parse(caller)
    if known is not None:
        return known.e164
    return "".join(c for c in caller if c in "+0123456789")[:40]


def applications(connection: Connection, phone: str, index_key: bytes) -> "list[OpenApplication]":
    """The newest applications of whoever calls from this number."""
    known = phones.parse(phone)
    if known is None:
        return []
    keys = [blind("phone", known.e164, index_key)]
    return list(calls.applications_of(connection, keys, known.e164))


def _missed(connection: Connection, call: Call, due_at: datetime, now: datetime) -> None:
    """One task for a caller, however often he tried. Who withheld his number cannot be called."""
    if not call.caller:
        return
    task = calls.open_call_back(connection, call.caller, CALL_BACK)
    if task is None:
        new = NewTask(kind=CALL_BACK, due_at=due_at, data={"call": call.id}, by="telephone system")
        task = tasks.add(connection, new, now)
    calls.note(connection, call.id, task_id=task)


def _reached(connection: Connection, call: Call, now: datetime) -> None:
    """Whoever we talk to need not be called back any more."""
    task = calls.open_call_back(connection, call.caller, CALL_BACK) if call.caller else None
    if task is not None:
        tasks.done(connection, task, by="telephone system", now=now)
