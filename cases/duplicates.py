"""Is this message a new matter, or does it belong to one that we have? Pure decisions.

In this order, the first that holds decides:

0. something on a network that we have: a *repeat*, a *version* of it or the mark that it was taken
   back (:mod:`cases.items`);
1. the same bytes again, or the same Message-ID from the same sender: a *repeat*;
2. an answer: its sender proved on our pages to be a party of an application; or it refers to a
   message of ours or of the same person, or quotes one of our numbers and comes from a person of
   that application, or is an SMS from where we asked something by SMS: a *reply*. Somebody else's
   message that quotes a number does not join it. On a network, the same person in the same thread
   is a *reply* too;
3. the same person with much the same text within the window: *near*, with score and reasons.
   What is less alike, or about another policy, claim or plate, is suggested to a person.

Who is the same person is decided with care, since joining strangers tells one of them about the
other: see :func:`relation`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from cases import items
from cases.likeness import Likeness, likeness
from cases.matters import (
    ApplicationRef,
    Filed,
    How,
    Incoming,
    Known,
    Opening,
    Policy,
    Reason,
    Suggestion,
    Verdict,
)
from cases.person import NAME
from normalizers.schema import Message


def decide_all(
    batch: Iterable[Incoming], known: Known, policy: Policy
) -> list[tuple[Incoming, Verdict]]:
    """Decide one after the other: two of one person that land together see each other."""
    decided = []
    for message in batch:
        verdict = decide(message, known, policy)
        if verdict.application is not None:
            known.add(Filed(message, verdict.application))
        if message.item is not None:
            verdict = items.remember(known, message, message.item, verdict)
        decided.append((message, verdict))
    return decided


def decide(message: Incoming, known: Known, policy: Policy) -> Verdict:
    seen = items.seen_before(message, known) if message.item is not None else None
    verdict = (
        seen
        or _proved(message, known)
        or _asked(message, known)
        or _repeat(message, known, policy)
        or _answer(message, known)
    )
    if verdict is not None:
        return verdict
    if message.is_machine:
        return Verdict("machine", None)
    return _in_thread(message, known, policy) or _near(message, known, policy)


def things(message: Message) -> tuple[str, ...]:
    """What a message is about, to tell two matters of one sender apart."""
    found = message.identifiers
    return tuple(
        f"{name}:{identifier.value}"
        for name, identifiers in (
            ("plate", found.plate),
            ("claim", found.claim),
            ("policy", found.policy),
        )
        for identifier in identifiers[:20]
    )


Relation = Literal["same", "likely", "none"]


def relation(a: Incoming, b: Incoming) -> Relation:
    """Whether two messages are from one person.

    *same*: a key that says who sent the one also says who sent the other. *likely*: what the one
    was sent by stands in the other's text, and a second identifier of another kind, or the name,
    is shared. Two texts that merely name the same third person say nothing.
    """
    if _contradict(a.keys, b.keys):
        return "none"
    if a.own & b.own:
        return "same"
    crossing = (a.own & b.keys.keys()) | (b.own & a.keys.keys())
    shared_kinds = {a.keys[key] for key in a.keys.keys() & b.keys.keys()}
    return "likely" if crossing and len(shared_kinds) > 1 else "none"


def _contradict(a: Mapping[int, str], b: Mapping[int, str]) -> bool:
    """Both name an identity number, and not the same."""
    for kind in ("tckn", "vkn"):
        mine = {key for key in a if a[key] == kind}
        theirs = {key for key in b if b[key] == kind}
        if mine and theirs and mine.isdisjoint(theirs):
            return True
    return False


def _proved(message: Incoming, known: Known) -> Verdict | None:
    application = known.by_number.get(message.proved)
    if application is None:
        return None
    return Verdict("reply", application, None, ({"code": "proved"},))


def _asked(message: Incoming, known: Known) -> Verdict | None:
    """An SMS from the number that we asked by SMS, about one matter alone: nobody writes the number
    of his application into an SMS that says yes. Two that say yes are no copies."""
    about = known.asked.get(message.sms_from, set())
    if len(about) != 1 or message.numbers:
        return None
    [application] = about
    return Verdict("reply", application, None, ({"code": "asked_by_sms"},))


def _repeat(message: Incoming, known: Known, policy: Policy) -> Verdict | None:
    for twin in known.by_sha256.get(message.sha256, ()):
        other = twin.message
        if other.kind == message.kind and _same_sender(message, other, policy):
            return Verdict("repeat", twin.application, 100.0, ({"code": "same_bytes"},))
    for copy in known.by_message_id.get(message.message_id or "", ()):
        if _same_sender(message, copy.message, policy) and _same_content(message, copy.message):
            return Verdict("repeat", copy.application, 100.0, ({"code": "same_message_id"},))
    return None


def _same_sender(a: Incoming, b: Incoming, policy: Policy) -> bool:
    nobody = not (a.own or b.own)
    return (nobody or relation(a, b) == "same") and _in_window(a, b, policy)


def _same_content(a: Incoming, b: Incoming) -> bool:
    """Lists and gateways may add a footer on the way; a sloppy mailer re-uses ids for new text,
    and a scanner for new scans."""
    if a.files != b.files:
        return False
    return a.text == b.text or likeness(a.text, b.text).score >= 90


def _answer(message: Incoming, known: Known) -> Verdict | None:
    how: How = "machine" if message.is_machine else "reply"
    for reference in message.refers_to:
        if reference in known.sent and _may_answer(message, known.sent[reference], known):
            return Verdict(how, known.sent[reference], None, ({"code": "answers_us"},))
        for other in known.by_message_id.get(reference, ()):
            if _is_party(message, known.people.get(other.application, set())):
                return Verdict(how, other.application, None, ({"code": "answers_own"},))
    for number in message.numbers:
        application = known.by_number.get(number)
        if application is not None and _is_party(message, known.people.get(application, set())):
            return Verdict(how, application, None, ({"code": "quotes_number"},))
    return None


def _may_answer(message: Incoming, application: ApplicationRef, known: Known) -> bool:
    """Only who was sent a mail has its Message-ID; an answer in public is read by everybody."""
    return message.item is None or _is_party(message, known.people.get(application, set()))


def _in_thread(message: Incoming, known: Known, policy: Policy) -> Verdict | None:
    """The same person goes on in the thread of an application that is not closed."""
    if not message.thread:
        return None
    for key in sorted(message.own):
        for other in reversed(known.by_key.get(key, ())):
            same = other.message.thread == message.thread and key in other.message.own
            goes_on = same and other.application not in known.closed
            if goes_on and _in_window(message, other.message, policy):
                return Verdict("reply", other.application, None, ({"code": "same_thread"},))
    return None


def _is_party(message: Incoming, people: set[int]) -> bool:
    return not people.isdisjoint(message.own)


def _near(message: Incoming, known: Known, policy: Policy) -> Verdict:
    pairs = sorted(_alike(message, known, policy), key=lambda pair: -pair.like.score)
    for pair in pairs:
        if pair.is_sure and pair.like.score >= policy.attach:
            score = round(pair.like.score, 1)
            return Verdict("near", pair.other.application, score, pair.reasons)
    suggestions = {
        pair.other.application: Suggestion(
            pair.other.application, round(pair.like.score, 1), pair.reasons
        )
        for pair in reversed(pairs[:3])
    }
    for root in items.answered(message, known):
        suggestions.setdefault(root.application, root)
    return Verdict("opened", Opening(), suggestions=tuple(suggestions.values()))


@dataclass(frozen=True, slots=True)
class _Pair:
    other: Filed
    like: Likeness
    is_sure: bool
    """Whole texts, surely one person, nothing that tells two matters apart."""
    reasons: tuple[Reason, ...]


def _alike(message: Incoming, known: Known, policy: Policy) -> Iterable[_Pair]:
    seen = set()
    for key, kind in message.keys.items():
        if kind == NAME:
            continue
        for other in known.by_key.get(key, ()):
            if other.message.id in seen or not _in_window(message, other.message, policy):
                continue
            seen.add(other.message.id)
            like = likeness(message.text, other.message.text)
            if like.score >= policy.suggest:
                yield _pair(message, other, like)


def _pair(message: Incoming, other: Filed, like: Likeness) -> _Pair:
    differs = _about_different_things(message, other.message)
    sure = like.whole and not differs and relation(message, other.message) != "none"
    reasons = (*_shared(message, other.message), *like.reasons)
    return _Pair(other, like, sure, (*reasons, *({"code": f"other_{name}"} for name in differs)))


def _about_different_things(a: Incoming, b: Incoming) -> list[str]:
    """Kinds of things (plate, claim, policy) that both name, and not the same."""
    out = []
    for name in ("claim", "plate", "policy"):
        mine = {one for one in a.things if one.startswith(f"{name}:")}
        theirs = {one for one in b.things if one.startswith(f"{name}:")}
        if mine and theirs and mine.isdisjoint(theirs):
            out.append(name)
    return out


def _in_window(a: Incoming, b: Incoming, policy: Policy) -> bool:
    return abs(a.received_at - b.received_at) <= policy.window


def _shared(a: Incoming, b: Incoming) -> tuple[Reason, ...]:
    kinds = {a.keys[key] for key in a.keys if key in b.keys}
    return tuple({"code": f"same_{kind}"} for kind in sorted(kinds))
