"""One look at everything, shared by all who watch: a thousand open pages ask the database once."""

import threading
import time
from dataclasses import dataclass, field

from cases.health import Around, Finding, Objectives, findings
from portal.services import Services
from storage.operations import Picture, look

FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Seen:
    picture: Picture
    around: Around
    findings: list[Finding]


@dataclass(slots=True)
class Pictures:
    """The newest look, kept for two seconds."""

    house: Services
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _seen: Seen | None = None
    _until: float = 0.0

    def newest(self) -> Seen:
        with self._lock:
            if self._seen is None or time.monotonic() >= self._until:
                self._seen = self._look()
            return self._seen

    def now(self) -> Seen:
        """A look of this moment, kept too: whoever opens the page after something was done, and
        follows it then, is not shown once more what was before."""
        with self._lock:
            self._seen = self._look()
            return self._seen

    def _look(self) -> Seen:
        self._until = time.monotonic() + FRESH_SECONDS
        return see(self.house)


def see(house: Services) -> Seen:
    """Look now."""
    with house.database.read() as connection:
        picture = look(connection, house.now())
    around, given = house.around(), house.operations
    objectives = Objectives(given.number_seconds, given.sms_seconds)
    return Seen(picture, around, findings(picture, around, objectives))
