"""Is this message a new matter, or does it belong to one that we have? Pure decisions.

In this order, the first that holds decides:

1. the same bytes again, or the same Message-ID from the same sender: a *repeat*;
2. an answer: it refers to a message of ours or of the same person, or quotes one of our numbers
   and comes from a person of that application: a *reply*. Somebody else's message that quotes a
   number does not join it;
3. the same person with much the same text within the window: *near*, with score and reasons.
   What is less alike is suggested to a person, who decides.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from cases.likeness import Likeness, likeness

How = Literal["opened", "repeat", "reply", "near", "machine"]
Reason = Mapping[str, Any]
"""``{"code": ..., ...}``; :mod:`cases.reasons` says it in words."""


class Opening:
    """An application that this batch opens; its row does not exist yet."""


ApplicationRef = int | Opening


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that has to be filed. Never printed: it carries what people wrote."""

    id: int
    sha256: str
    channel: str
    kind: str
    received_at: datetime
    keys: Mapping[int, str]
    text: str
    """Folded text that the sender newly wrote."""
    message_id: str | None = None
    refers_to: tuple[str, ...] = ()
    """Message-IDs that it answers, nearest first."""
    numbers: tuple[str, ...] = ()
    """Application numbers that stand in it."""
    is_machine: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """A message that was filed before, as far as it can matter to a new one."""

    message: Incoming
    application: ApplicationRef


@dataclass(frozen=True, slots=True)
class Suggestion:
    application: ApplicationRef
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a message goes. ``application`` is None for machine mail that answers nothing."""

    how: How
    application: ApplicationRef | None
    score: float | None = None
    reasons: tuple[Reason, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds from 0 to 100; see ``[duplicates]``."""

    window: timedelta
    attach: float
    suggest: float


@dataclass(slots=True)
class Known:
    """What was filed before, found by what can tie a new message to it. Grows with the batch."""

    by_sha256: dict[str, Filed] = field(default_factory=dict)
    by_message_id: dict[str, list[Filed]] = field(default_factory=dict)
    by_key: dict[int, list[Filed]] = field(default_factory=dict)
    people: dict[ApplicationRef, set[int]] = field(default_factory=dict)
    by_number: dict[str, ApplicationRef] = field(default_factory=dict)
    sent: dict[str, ApplicationRef] = field(default_factory=dict)
    """Message-IDs of mails that we sent."""

    def add(self, filed: Filed) -> None:
        message = filed.message
        self.by_sha256.setdefault(message.sha256, filed)
        if message.message_id:
            self.by_message_id.setdefault(message.message_id, []).append(filed)
        for key in message.keys:
            self.by_key.setdefault(key, []).append(filed)
        self.people.setdefault(filed.application, set()).update(message.keys)


def decide_all(
    batch: Iterable[Incoming], known: Known, policy: Policy
) -> list[tuple[Incoming, Verdict]]:
    """Decide one after the other: two of one person that land together see each other."""
    decided = []
    for message in batch:
        verdict = decide(message, known, policy)
        if verdict.application is not None:
            known.add(Filed(message, verdict.application))
        decided.append((message, verdict))
    return decided


def decide(message: Incoming, known: Known, policy: Policy) -> Verdict:
    steps: Sequence[Callable[[Incoming, Known], Verdict | None]] = (_repeat, _answer)
    for step in steps:
        verdict = step(message, known)
        if verdict is not None:
            return verdict
    if message.is_machine:
        return Verdict("machine", None)
    return _near(message, known, policy)


def _repeat(message: Incoming, known: Known) -> Verdict | None:
    twin = known.by_sha256.get(message.sha256)
    if twin is not None and twin.message.kind == message.kind:
        return Verdict("repeat", twin.application, 100.0, ({"code": "same_bytes"},))
    for other in known.by_message_id.get(message.message_id or "", ()):
        if _same_sender(message, other.message) and _same_text(message, other.message):
            return Verdict("repeat", other.application, 100.0, ({"code": "same_message_id"},))
    return None


def _same_sender(a: Incoming, b: Incoming) -> bool:
    return not a.keys.keys().isdisjoint(b.keys) or not (a.keys or b.keys)


def _same_text(a: Incoming, b: Incoming) -> bool:
    """Lists and gateways may add a footer on the way; a sloppy mailer re-uses ids for new text."""
    return a.text == b.text or likeness(a.text, b.text).score >= 90


def _answer(message: Incoming, known: Known) -> Verdict | None:
    how: How = "machine" if message.is_machine else "reply"
    for reference in message.refers_to:
        if reference in known.sent:
            return Verdict(how, known.sent[reference], None, ({"code": "answers_us"},))
        for other in known.by_message_id.get(reference, ()):
            if _is_party(message, known.people.get(other.application, set())):
                return Verdict(how, other.application, None, ({"code": "answers_own"},))
    for number in message.numbers:
        application = known.by_number.get(number)
        if application is not None and _is_party(message, known.people.get(application, set())):
            return Verdict(how, application, None, ({"code": "quotes_number"},))
    return None


def _is_party(message: Incoming, people: set[int]) -> bool:
    return not people.isdisjoint(message.keys)


def _near(message: Incoming, known: Known, policy: Policy) -> Verdict:
    alike = sorted(_alike(message, known, policy), key=lambda found: -found[1].score)
    if alike and alike[0][1].score >= policy.attach and alike[0][1].whole:
        other, like = alike[0]
        reasons = (*_shared(message, other.message), *like.reasons)
        return Verdict("near", other.application, round(like.score, 1), reasons)
    suggestions = {
        other.application: Suggestion(
            other.application,
            round(like.score, 1),
            (*_shared(message, other.message), *like.reasons),
        )
        for other, like in reversed(alike[:3])
    }
    return Verdict("opened", Opening(), suggestions=tuple(suggestions.values()))


def _alike(message: Incoming, known: Known, policy: Policy) -> Iterable[tuple[Filed, Likeness]]:
    seen = set()
    for key in message.keys:
        for other in known.by_key.get(key, ()):
            if other.message.id in seen or not _in_window(message, other.message, policy):
                continue
            seen.add(other.message.id)
            like = likeness(message.text, other.message.text)
            if like.score >= policy.suggest:
                yield other, like


def _in_window(a: Incoming, b: Incoming, policy: Policy) -> bool:
    return abs(a.received_at - b.received_at) <= policy.window


def _shared(a: Incoming, b: Incoming) -> tuple[Reason, ...]:
    kinds = {a.keys[key] for key in a.keys if key in b.keys}
    return tuple({"code": f"same_{kind}"} for kind in sorted(kinds))
