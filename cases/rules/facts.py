"""What a condition sees of an application that is stored."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import datetime
from typing import Any

from cases.rules.condition import Condition, Facts, asks
from storage import facts as stored
from storage.engine import Connection
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


_READ = {"channel": ("channel", "kind"), "found": ("kinds",)}
"""Field of a condition -> columns that answer it, where they have other names."""


@dataclass(slots=True)
class Past:
    """Applications of the past as some conditions see them: what none looks at is not read."""

    names: Sequence[str]
    kinds: Collection[str]
    _known: dict[tuple[Any, ...], Facts] = dataclass_field(default_factory=dict)

    @classmethod
    def for_(cls, conditions: Iterable[Condition]) -> "Past":
        asked = [one for condition in conditions for one in asks(condition)]
        names = {name for one in asked for name in _READ.get(one.field, (one.field,))}
        kinds = {value for one in asked if one.field == "found" for value in one.values}
        return cls(sorted(names), sorted(kinds))

    def each(
        self, connection: Connection, field: str, start: datetime, end: datetime
    ) -> Iterator[tuple[int, str | None, Facts]]:
        """(id, its ``field`` today, what the conditions look at) of all recorded in between. Those
        that look alike, where no text is looked at, get the very same facts."""
        names = [field, *self.names]
        rows = stored.sweep(connection, start, end, names, longest=TEXT, kinds=self.kinds)
        for row_id, (now, *values) in rows:
            yield row_id, now, self._facts(tuple(values))

    def _facts(self, values: tuple[Any, ...]) -> Facts:
        if "text" in self.names:
            return self._made(values)
        if values not in self._known:
            self._known[values] = self._made(values)
        return self._known[values]

    def _made(self, values: tuple[Any, ...]) -> Facts:
        given = dict(zip(self.names, values, strict=True))
        if "kinds" in given:
            given["found"] = given.pop("kinds")
        if "sender" in given:
            given["sender"] = (given["sender"] or "").lower()
        return Facts(**given)
