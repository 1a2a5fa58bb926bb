"""What a condition sees of an application that is stored."""

from dataclasses import replace

from cases.rules.condition import Facts
from storage.facts import FactRow

TEXT = 20_000
"""Characters of a text that rules read: what is asked for stands at the beginning."""


def facts(row: FactRow, **changed: str | int | None) -> Facts:
    """``changed``: values that are about to be written, or that are only supposed."""
    seen = Facts(
        type=row.type,
        channel=row.channel,
        kind=row.kind,
        branch=row.branch,
        topic=row.topic,
        priority=row.priority,
        language=row.language,
        sender=(row.sender or "").lower(),
        found=row.kinds,
        text=row.text[:TEXT],
    )
    return replace(seen, **changed) if changed else seen  # type: ignore[arg-type]
