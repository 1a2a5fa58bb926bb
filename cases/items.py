"""Things on networks: one post is one matter, however often and on whatever way it is seen.

The first message of an item that lands is its original. What comes later under the same id is

* a *repeat* when we have that version (poll, search, webhook, a second account of ours);
* a *version* when the author changed it: it stands beside the original, and the newest version is
  the text that counts, in whatever order they land;
* a mark when it was taken back: kept on the item, never an application, never a removal.

What we wrote ourselves is filed in the application that it answers, or noted as ours.
"""

from collections.abc import Iterator
from dataclasses import replace

from cases.matters import (
    ApplicationRef,
    Incoming,
    Item,
    Known,
    KnownItem,
    Suggestion,
    Verdict,
    Version,
)

_SEEN = ({"code": "same_item"},)

ANSWERED = 50.0
"""Score of a suggestion that says no more than that somebody else's post is answered."""


def seen_before(message: Incoming, known: Known) -> Verdict | None:
    """Where a message of an item goes that we have, or that is ours, or only a mark. None: it is
    new, and decided like any other."""
    item = message.item
    assert item is not None
    have = known.items.get(item.key)
    if have is not None and have.versions:
        return _again(message, item, have)
    if item.own:
        return _ours(message, item, known)
    return Verdict("deleted", None) if item.deleted else None


def _again(message: Incoming, item: Item, have: KnownItem) -> Verdict:
    application = have.application
    if item.own or application is None:
        return Verdict("ours", application, None, _SEEN)
    if item.deleted and not have.deleted:
        taken_back = ({"code": "taken_back"},)
        return Verdict("deleted", application, None, taken_back, (), "deleted", have.counts)
    if item.deleted or any(_is_same(item, one) for one in have.versions):
        return Verdict("repeat", application, 100.0, _SEEN)
    this = Version(message.id, item.external, item.version, item.edited_at)
    counting = next((one for one in have.versions if one.id == have.counts), None)
    counts = this.id if counting is None or is_newer(this, counting) else counting.id
    return Verdict("version", application, None, ({"code": "new_version"},), (), "edited", counts)


def _is_same(item: Item, version: Version) -> bool:
    return (item.external, item.version) == (version.external, version.version)


def is_newer(one: Version, other: Version) -> bool:
    """Whether ``one`` was written after ``other``: by the ids of the versions, where the network
    gives each its own and counts up (X); by the time of the edit, where it is said; else what
    landed later is newer."""
    mine, theirs = _number(one), _number(other)
    if mine is not None and theirs is not None and mine != theirs:
        return mine > theirs
    if one.edited_at is not None and other.edited_at is not None:
        return one.edited_at > other.edited_at
    if (one.edited_at is None) != (other.edited_at is None):
        return one.edited_at is not None
    return one.id > other.id


def _number(version: Version) -> int | None:
    number = version.external.rpartition(":")[2]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 40 else None


def _ours(message: Incoming, item: Item, known: Known) -> Verdict:
    """What we wrote goes to the application that it answers, if there is one."""
    for application in _answered_by(message, item, known):
        return Verdict("ours", application, None, ({"code": "we_answered"},))
    return Verdict("ours", None)


def _answered_by(message: Incoming, item: Item, known: Known) -> Iterator[ApplicationRef]:
    for reference in message.refers_to:
        yield from (filed.application for filed in reversed(known.by_message_id.get(reference, [])))
    root = known.items.get(item.thread)
    if root is not None and root.application is not None:
        yield root.application
    yield from (filed.application for filed in reversed(known.by_thread.get(item.thread, [])))


def answered(message: Incoming, known: Known) -> Iterator[Suggestion]:
    """The application of somebody else whom a message answers: at most one, for a person to look
    at, since strangers are never joined."""
    if message.item is None:
        return
    for application in _answered_by(message, message.item, known):
        yield Suggestion(application, ANSWERED, ({"code": "answers_other"},))
        return


def remember(known: Known, message: Incoming, item: Item, verdict: Verdict) -> Verdict:
    """Note what a decision means for the item, so that the next of the batch sees it. Returns the
    verdict; one that opens or joins something that was taken back before says so."""
    have = known.items.setdefault(item.key, KnownItem())
    if item.deleted:
        have.deleted = True
        return verdict
    if not have.versions:
        have.application, have.counts = verdict.application, message.id
        if have.deleted and not item.own:
            verdict = replace(verdict, changed="deleted", counts=message.id)
    if verdict.how != "repeat":
        have.versions.append(Version(message.id, item.external, item.version, item.edited_at))
    have.counts = verdict.counts or have.counts
    return verdict
