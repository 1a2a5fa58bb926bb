"""Lines of the credential board for what runs out on a known day."""

from datetime import datetime, timedelta

from ingest.contract import Credential

AHEAD = timedelta(days=14)
"""How early an operator is warned: a consent needs a person, and people have holidays."""


def line(
    feature: str,
    until: datetime | None,
    now: datetime,
    *,
    remedy: str,
    detail: str = "",
    ahead: timedelta = AHEAD,
) -> Credential:
    """``ok``, ``warning`` from ``ahead`` before the end, ``dead`` after it. Without an end that
    anybody knows it is ``ok`` and says so."""
    if until is None:
        return Credential(feature, "ok", detail=detail or "nobody said when it ends")
    state = "dead" if now >= until else "warning" if now >= until - ahead else "ok"
    return Credential(
        feature, state, detail=detail, remedy="" if state == "ok" else remedy, expires_at=until
    )
