"""The Date header (RFC 5322 §3.3), and what is written in its place."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_COMMENT = re.compile(r"\([^()]{0,200}\)")
_TWELVE_HOURS = re.compile(r"\b(\d{1,2})(:\d\d(?::\d\d)?)\s?([AaPp])\.?[Mm]\b\.?")
_ZONE = re.compile(r"(?:UTC|GMT)([+-]\d{1,2}):?(\d\d)?\b")
_ISO = re.compile(
    r"(\d{4})[-/.](\d\d)[-/.](\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d{1,9})?"
    r"\s?(?:(Z)|([+-])(\d\d):?(\d\d))?"
)


def parse(text: str) -> datetime | None:
    """An aware time, or None. A missing or unknown zone counts as UTC."""
    text = _COMMENT.sub(" ", text[:200])
    text = _ZONE.sub(lambda m: f"{int(m[1]):+03d}{m[2] or '00'}", text)
    text = _TWELVE_HOURS.sub(_to_24_hours, text)
    try:
        return _iso(text) or _rfc(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None  # nonsense is no date; the header stays in the raw mail


def _to_24_hours(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[3] in "Pp" else 0)
    return f"{hour:02d}{match[2]}"


def _iso(text: str) -> datetime | None:
    m = _ISO.search(text)
    if m is None:
        return None
    offset = timedelta()
    if m[8]:
        offset = timedelta(hours=int(m[9]), minutes=int(m[10])) * (1 if m[8] == "+" else -1)
    year, month, day, hour, minute = (int(m[i]) for i in range(1, 6))
    return datetime(year, month, day, hour, minute, int(m[6] or 0), tzinfo=timezone(offset))


def _rfc(text: str) -> datetime | None:
    parsed = parsedate_tz(text)
    if parsed is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    offset = parsed[9]
    zone = UTC if not offset else timezone(timedelta(seconds=offset))
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
