"""Conditions as a supervisor writes them, read into a tree and answered without ``eval``.

    text: "değer kaybı", "pert" and not type: thanks and (channel: email or found: plate)

A condition is made of ``FIELD: VALUE, VALUE, ...`` (one of the values), ``and``, ``or``, ``not``,
brackets, and ``always``. The Turkish words ``ve``, ``veya``, ``değil``, ``her zaman`` and the
Turkish names of the fields mean the same. Words of a text match from their beginning, whatever
their ending, capitals or Turkish letters: ``"ödeme"`` finds *ödemesi* and *ODEMEM*; several words
must stand one after the other. A topic matches its sub-topics too.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from config.errors import BasvuruError
from normalizers.text.turkish import fold

LONGEST = 4000
DEEPEST = 20


class BadCondition(BasvuruError):
    """A condition that cannot be read: whoever wrote it corrects it; nothing was changed.

    ``position``: character, from 0, at which it stops making sense.
    """

    def __init__(self, problem: str, position: int = 0) -> None:
        super().__init__(f"{problem} (character {position + 1})")
        self.problem, self.position = problem, position


@dataclass(frozen=True, slots=True)
class Facts:
    """What a condition may look at. ``text`` is folded; it is never printed."""

    type: str = "unclassified"
    channel: str = ""
    kind: str = ""
    branch: str | None = None
    topic: str | None = None
    priority: int | None = None
    language: str = "tr"
    sender: str = field(default="", repr=False)
    """E-mail address of the applicant, lower case."""
    found: frozenset[str] = frozenset()
    """Kinds of identifiers in it: plate, claim, policy, tckn, vkn, phone, email."""
    text: str = field(default="", repr=False)


FIELDS: Mapping[str, str] = {
    "text": "metin",
    "type": "tur",
    "channel": "kanal",
    "branch": "brans",
    "topic": "konu",
    "priority": "oncelik",
    "language": "dil",
    "sender": "gonderen",
    "found": "bulunan",
}
"""Field -> its Turkish name, folded."""
WORDS = {"and": "ve", "or": "veya", "not": "degil", "always": "daima"}
_CANONICAL = {turkish: name for name, turkish in (*FIELDS.items(), *WORDS.items())}


@dataclass(frozen=True, slots=True)
class Is:
    """One field, one of several values."""

    field: str
    values: tuple[str, ...]
    _pattern: re.Pattern[str] | None = None
    _needles: tuple[str, ...] = ()
    """One word of each phrase: where none is in a text, the slower pattern is not asked."""

    def holds(self, facts: Facts) -> bool:
        return _TESTS[self.field](self, facts)

    def why(self, facts: Facts) -> list[str]:
        """The values that made it true, as they were written."""
        return [v for v in self.values if is_(self.field, (v,)).holds(facts)]

    def written(self) -> str:
        return f"{self.field}: {', '.join(map(_quoted, self.values))}"


@dataclass(frozen=True, slots=True)
class Always:
    def holds(self, facts: Facts) -> bool:  # noqa: ARG002
        return True

    def why(self, facts: Facts) -> list[str]:  # noqa: ARG002
        return []

    def written(self) -> str:
        return "always"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"

    def holds(self, facts: Facts) -> bool:
        return not self.part.holds(facts)

    def why(self, facts: Facts) -> list[str]:  # noqa: ARG002  what is absent explains nothing
        return []

    def written(self) -> str:
        return f"not {_bracketed(self.part)}"


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple["Condition", ...]

    def holds(self, facts: Facts) -> bool:
        return all(part.holds(facts) for part in self.parts)

    def why(self, facts: Facts) -> list[str]:
        return [reason for part in self.parts for reason in part.why(facts)]

    def written(self) -> str:
        return " and ".join(map(_bracketed, self.parts))


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple["Condition", ...]

    def holds(self, facts: Facts) -> bool:
        return any(part.holds(facts) for part in self.parts)

    def why(self, facts: Facts) -> list[str]:
        return [r for part in self.parts if part.holds(facts) for r in part.why(facts)]

    def written(self) -> str:
        return " or ".join(map(_bracketed, self.parts))


Condition = Is | Always | Not | Every | Some


def asks(condition: Condition) -> Iterator[Is]:
    """Everything that a condition looks at, so that nothing else need be loaded."""
    if isinstance(condition, Is):
        yield condition
    elif isinstance(condition, Not):
        yield from asks(condition.part)
    elif isinstance(condition, Every | Some):
        for part in condition.parts:
            yield from asks(part)


@lru_cache(maxsize=2000)
def is_(name: str, values: tuple[str, ...]) -> Is:
    if name != "text":
        return Is(name, values)
    words = [re.findall(r"\w+", fold(phrase)) for phrase in values]
    return Is(name, values, _pattern(words), tuple(max(one, key=len) for one in words if one))


def _pattern(phrases: list[list[str]]) -> re.Pattern[str]:
    """Any of the phrases from the beginning of a word. Bounded: no part can match in two ways."""
    return re.compile(r"\b(?:" + "|".join(r"\w*\W+".join(one) for one in phrases if one) + ")")


def _text(one: Is, facts: Facts) -> bool:
    assert one._pattern is not None
    text = facts.text
    return any(word in text for word in one._needles) and one._pattern.search(text) is not None


def _path(one: Is, value: str | None) -> bool:
    return value is not None and any(value == v or value.startswith(f"{v}/") for v in one.values)


_TESTS: Mapping[str, Callable[[Is, Facts], bool]] = {
    "text": _text,
    "type": lambda one, facts: facts.type in one.values,
    "channel": lambda one, facts: facts.channel in one.values or facts.kind in one.values,
    "branch": lambda one, facts: facts.branch in one.values,
    "topic": lambda one, facts: _path(one, facts.topic),
    "priority": lambda one, facts: str(facts.priority) in one.values,
    "language": lambda one, facts: facts.language in one.values,
    "sender": lambda one, facts: bool(facts.sender) and facts.sender.endswith(one.values),
    "found": lambda one, facts: not facts.found.isdisjoint(one.values),
}


def _quoted(value: str) -> str:
    return value if re.fullmatch(r"[\w@./-]+", value) else f'"{value}"'


def _bracketed(part: Condition) -> str:
    return f"({part.written()})" if isinstance(part, Every | Some) else part.written()


_TOKEN = re.compile(r'\s*(?:"([^"\n]*)"|([():,])|([^\s"():,]+))')


@dataclass(slots=True)
class _Token:
    text: str
    at: int
    kind: str
    """``quoted``, ``mark`` or ``word``."""


def _tokens(text: str) -> list[_Token]:
    out, position = [], 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise BadCondition("a quotation mark is missing", text.index('"', position))
        kind = ("quoted", "mark", "word")[match.lastindex - 1 if match.lastindex else 0]
        value = match[match.lastindex or 1]
        out.append(_Token(value, match.end() - len(match[0].lstrip()), kind))
        position = match.end()
    return out


@lru_cache(maxsize=2000)
def parse(text: str) -> Condition:
    """Read a condition. Raises BadCondition with the place at which it stops making sense."""
    if len(text) > LONGEST:
        raise BadCondition(f"longer than {LONGEST} characters", LONGEST)
    reader = _Reader(_tokens(text), len(text))
    condition = reader.either(0)
    if (rest := reader.peek()) is not None:
        raise BadCondition(f"{rest.text!r} was not expected here", rest.at)
    return condition


@dataclass(slots=True)
class _Reader:
    tokens: list[_Token]
    end: int
    next: int = 0

    def peek(self) -> _Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def take(self, what: str) -> _Token:
        token = self.peek()
        if token is None:
            raise BadCondition(f"{what} is missing", self.end)
        self.next += 1
        return token

    def accept(self, name: str) -> bool:
        token = self.peek()
        if token is None or token.kind == "quoted" or _name(token.text) != name:
            return False
        self.next += 1
        return True

    def either(self, depth: int) -> Condition:
        parts = [self.every(depth)]
        while self.accept("or"):
            parts.append(self.every(depth))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def every(self, depth: int) -> Condition:
        parts = [self.single(depth)]
        while self.accept("and"):
            parts.append(self.single(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def single(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise BadCondition("too many brackets in brackets", self.end)
        if self.accept("not"):
            return Not(self.single(depth + 1))
        if self.accept("("):
            inside = self.either(depth + 1)
            if not self.accept(")"):
                raise BadCondition("a closing bracket is missing", self.end)
            return inside
        if self.accept("always"):
            return Always()
        return self.is_()

    def is_(self) -> Is:
        token = self.take("a field")
        name = _name(token.text)
        if token.kind != "word" or name not in FIELDS:
            known = ", ".join(FIELDS)
            raise BadCondition(f"{token.text!r} is no field (there are: {known})", token.at)
        if not self.accept(":"):
            raise BadCondition(f"after {token.text!r} a colon is missing", token.at)
        values = [self._value(name)]
        while self.accept(","):
            values.append(self._value(name))
        return is_(name, tuple(values))

    def _value(self, name: str) -> str:
        token = self.take("a value")
        if token.kind == "mark" or (name == "text" and not re.search(r"\w", token.text)):
            raise BadCondition("a value is missing", token.at)
        return token.text if name == "text" else token.text.strip()


def _name(text: str) -> str:
    folded = fold(text)
    return _CANONICAL.get(folded, folded)
