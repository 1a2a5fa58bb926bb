"""The credential board and the gaps in a sentence that an operator can act on: pure decisions."""

from dataclasses import replace
from datetime import datetime, timedelta

from config.clock import local
from storage.board import BoardLine, OpenGap

AHEAD = timedelta(days=14)
"""How early an operator is warned: a consent needs a person, and people have holidays."""

TROUBLE = ("warning", "parked", "dead")


def aged(line: BoardLine, now: datetime) -> BoardLine:
    """The line as it is now: an account that is not read any more goes on to run out.

    What renews itself ends soon whenever it is looked at, so only what was far from its end when
    the account showed it is moved on here; the rest is what the account says.
    """
    if line.expires_at is None or line.state not in ("ok", "warning"):
        return line
    if now >= line.expires_at and line.state == "warning":
        return replace(line, state="dead")
    far = line.expires_at - line.at > AHEAD
    if not far or now < line.expires_at - AHEAD:
        return line
    return replace(line, state="dead" if now >= line.expires_at else "warning")


def sentence(line: BoardLine, now: datetime) -> str:
    """Account, cause and remedy: ``brand, mentions: X refuses the token. Make a new one.``"""
    line = aged(line, now)
    parts = [line.detail, line.quota]
    if line.state == "parked" and line.parked_until is not None:
        parts.append(f"Not read until {_shown(line.parked_until)}; everything else goes on.")
    if line.expires_at is not None and line.state in ("warning", "dead"):
        parts.append(f"{'Ended' if line.state == 'dead' else 'Ends'} {_shown(line.expires_at)}.")
    remedy = line.remedy if line.state in TROUBLE else ""
    told = " ".join(_ended(part) for part in (*parts, remedy) if part)
    return f"{line.channel}, {line.feature}: {told or line.state}"


def gap_sentence(gap: OpenGap) -> str:
    """What is missing, since when and why, and what can be done."""
    return (
        f"{gap.channel}, {gap.feature}: what came between {_shown(gap.since)} and "
        f"{_shown(gap.until)} was not read. {_ended(gap.reason)} Look on the network itself, then "
        f"`basvuru channel gaps --close {gap.id}`."
    )


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _shown(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"
