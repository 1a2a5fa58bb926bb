"""What a channel writes for each endpoint that it reads: a feature."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from ingest.contract import Gap, RawItem, Refusal


@dataclass(frozen=True, slots=True)
class Since:
    """From where a feature reads on.

    ``cursor``   what its last committed page said; ``{}`` at first.
    ``read_at``  until when (by the network's clock) everything was read; None before the first.
    """

    cursor: Mapping[str, Any] = field(default_factory=dict)
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some items, in any order and any number, the overlap included: the poller drops what it
    has handed over already.

    ``cursor``    the cursor that holds once this page is stored: so normally only on the last
                  page of a run, or where the middle that is still unread is part of it. None
                  leaves the cursor as it is.
    ``complete``  everything up to now is read: set on the last page of a run that reached the
                  known; not on one that stopped at its page limit.
    ``gaps``      what this run found to be out of reach; stored with the cursor.
    """

    items: Sequence[RawItem] = field(default=(), repr=False)
    cursor: Mapping[str, Any] | None = None
    complete: bool = False
    refusals: Sequence[Refusal] = ()
    gaps: Sequence[Gap] = ()


class Feature(Protocol):
    """One endpoint of one account.

    ``name``   as in the checkpoint, on the board and in gaps: ``mentions``.
    ``every``  shortest time between two runs.
    ``reach``  how far back the network shows it; a longer outage is a gap. None: for ever, or
               the feature finds its gaps itself.
    """

    @property
    def name(self) -> str: ...

    @property
    def every(self) -> timedelta: ...

    @property
    def reach(self) -> timedelta | None: ...

    def pages(self, since: Since) -> Iterator[Page]:
        """One run, newest first or as the network has it, at most some twenty pages.

        What follows a ``yield`` runs after the page was stored. Raises: Trouble.
        """
        ...
