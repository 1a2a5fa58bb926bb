"""What Turkish providers have in common: their time zone, and how they write numbers."""

from datetime import datetime
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
DAY_FIRST = "%d.%m.%Y %H:%M:%S"
YEAR_FIRST = "%Y-%m-%d %H:%M:%S"


def local_time(value: object, form: str) -> datetime | None:
    """A provider's time without a zone; None when it is missing or of another form."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.strptime(value, form).replace(tzinfo=ISTANBUL)
    except ValueError:
        return None  # the receipt counts without its time as well


def is_turkish(e164: str) -> bool:
    return e164.startswith("+90")


def double_zero(e164: str) -> str:
    """``+49...`` as ``0049...``."""
    return "00" + e164.removeprefix("+")
