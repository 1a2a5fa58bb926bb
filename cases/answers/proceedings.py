"""The matter before others: arbitration, consumer board, court, regulator.

Whoever went to one of the three that decide cannot go to another (law 5684 article 30, law 6502
article 68), so two of them at a time are refused. While one is open, nothing is erased.
"""

from datetime import date, datetime

from cases.answers import keeping
from cases.answers.standing import CannotDo, taken
from storage import closing, events
from storage.engine import Connection
from storage.events import Event

DECIDING = ("arbitration", "consumer_board", "court")
KINDS = (*DECIDING, "regulator", "data_board", "mediation")
OUTCOMES = ("for_us", "against_us", "partly", "settled", "withdrawn", "dismissed")


def open_proceeding(
    connection: Connection,
    application_id: int,
    kind: str,
    file_number: str,
    opened_on: date,
    *,
    by: str,
    now: datetime,
) -> int:
    """Note a proceeding, and hold everything for it; returns its id. Raises: CannotDo."""
    to = taken(connection, application_id)
    if kind not in KINDS:
        raise CannotDo(f"A proceeding is one of {', '.join(KINDS)}.")
    others = [p.kind for p in closing.proceedings(connection, to.id) if p.outcome != "withdrawn"]
    if kind in DECIDING and any(other in DECIDING for other in others):
        raise CannotDo("The matter is, or was, before another board or court that decides it.")
    row_id = closing.add_proceeding(
        connection,
        application_id=to.id,
        kind=kind,
        file_number=file_number.strip(),
        opened_on=opened_on,
        at=now,
        by=by,
    )
    data = {"proceeding": row_id, "kind": kind}
    events.append(connection, [Event(to.id, "proceeding_opened", by, data)], now)
    keeping.hold(connection, to.id, f"proceeding:{row_id}", by=by, now=now)
    return row_id


def close_proceeding(
    connection: Connection,
    proceeding_id: int,
    outcome: str,
    awarded: int,
    closed_on: date,
    *,
    by: str,
    now: datetime,
) -> None:
    """How it ended; ``awarded`` in kuruş. A person lifts the hold. Raises: CannotDo."""
    application_id = closing.proceeding_of(connection, proceeding_id)
    if application_id is None:
        raise CannotDo(f"There is no proceeding {proceeding_id}.")
    taken(connection, application_id)
    if outcome not in OUTCOMES or awarded < 0:
        raise CannotDo(f"A proceeding ends {', '.join(OUTCOMES)}.")
    values = {
        "outcome": outcome,
        "awarded": awarded,
        "closed_on": closed_on,
        "closed_by": by,
    }
    if not closing.close_proceeding(connection, proceeding_id, **values):
        raise CannotDo("This proceeding has ended already.")
    data = {"proceeding": proceeding_id, "outcome": outcome, "awarded": awarded}
    events.append(connection, [Event(application_id, "proceeding_closed", by, data)], now)
