"""One start-up check: the rooms must all come from one place.

The top-level names (``config``, ``storage``, ...) are common words. Another package in the same
environment that owns one of them would be imported half and half, so that is refused at once.
"""

from importlib.util import find_spec
from pathlib import Path

from config.errors import ConfigurationError

ROOMS = ("basvuru", "cases", "config", "ingest", "normalizers", "portal", "storage", "workers")


def check_rooms() -> None:
    """Raises ConfigurationError when a room is not ours."""
    homes = {room: _home(room) for room in ROOMS}
    ours = Path(__file__).resolve().parent.parent
    strangers = sorted(room for room, home in homes.items() if home != ours)
    if strangers:
        raise ConfigurationError(
            f"Another package provides {', '.join(strangers)} here.",
            remedy="Install basvuru into an environment of its own, and set PYTHONSAFEPATH=1.",
        )


def _home(room: str) -> Path | None:
    spec = find_spec(room)
    return Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
