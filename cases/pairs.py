"""One matter or two: a person decides about a suggested pair, and can take it back.

Which of the two stays is no question to anybody: the one that was answered, else the one that came
first, since its number is known for longer and its deadline is the nearer.
"""

from datetime import datetime

from cases import joining
from cases.joining import ANSWERED, CannotJoin
from storage import applications, events, pairs, standing
from storage.engine import Connection
from storage.events import Event
from storage.pairs import Pair


class DecidedAlready(CannotJoin):
    """Somebody else was quicker, or it is not decided at all. Nothing was changed."""


def join(
    connection: Connection, pair_id: int, *, by: str, now: datetime, half_days: bool
) -> tuple[int, int]:
    """They are one; returns (which went, which stays). Raises CannotJoin, DecidedAlready."""
    pair = _taken(connection, pair_id, "open")
    old, new = which(connection, pair)
    joining.join_applications(connection, old, new, by=by, now=now, half_days=half_days)
    return old, new


def which(connection: Connection, pair: Pair) -> tuple[int, int]:
    """(which goes, which stays). Raises CannotJoin where both were answered."""
    applications.lock(connection, [pair.came, pair.have])
    rows = [standing.take(connection, one) for one in sorted({pair.came, pair.have})]
    both = [one for one in rows if one is not None]
    if len(both) < 2:
        raise CannotJoin("They are one application already.", "one")
    if all(one.status in ANSWERED for one in both):
        raise CannotJoin("Both were answered: nothing is saved by joining them.", "both_answered")
    stays, goes = sorted(both, key=lambda one: (one.status not in ANSWERED, one.id))
    return goes.id, stays.id


def apart(connection: Connection, pair_id: int, *, by: str, now: datetime) -> None:
    """They are two, and nobody is asked again. Raises DecidedAlready."""
    pair = _taken(connection, pair_id, "open")
    pairs.decide(connection, pair_id, "apart", by=by, now=now)
    _tell(connection, pair, "kept_apart", by, now)


def undo(connection: Connection, pair_id: int, *, by: str, now: datetime) -> None:
    """As if nothing had been decided: the pair waits again. Raises CannotJoin, DecidedAlready."""
    pair = _taken(connection, pair_id, "joined", "apart")
    if pair.state == "joined":
        if pair.gone is None:
            raise CannotJoin("It was joined by an older version: part its messages.", "older")
        joining.unjoin(connection, pair.gone, by=by, now=now)
        return
    pairs.decide(connection, pair_id, "open", by=None, now=None)
    _tell(connection, pair, "asked_again", by, now)


def _taken(connection: Connection, pair_id: int, *states: str) -> Pair:
    pair = pairs.take(connection, pair_id)
    if pair is None or pair.state not in states:
        raise DecidedAlready(f"Pair {pair_id} is {pair.state if pair else 'not there'}.", "decided")
    return pair


def _tell(connection: Connection, pair: Pair, kind: str, by: str, now: datetime) -> None:
    """Both histories say it, each with the other application."""
    applications.lock(connection, [pair.came, pair.have])
    sides = {pair.came: pair.have, pair.have: pair.came}
    told = [Event(one, kind, by, {"application": sides[one]}) for one in sorted(sides)]
    events.append(connection, told, now)
