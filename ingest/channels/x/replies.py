"""What may be answered on X, and sending it.

In public only to who mentioned, quoted or answered us (X's rule of 2026-02-23), without any link,
which costs thirteen times as much and carries people off, and without personal data. In private
only to who wrote a direct message first.
"""

import re
from collections.abc import Callable

from ingest.channels.x.client import Json, XClient
from ingest.contract import ReplyRules, ReplyTo
from ingest.outcomes import Accepted, Never, NotNow, Outcome, Stop, Unknown
from ingest.social.trouble import Cause, Trouble

LONGEST_POST = 280
LONGEST_MESSAGE = 10_000
_LINK = re.compile(
    r"https?://|www\.|[a-z0-9-]{1,63}\.(?:com|net|org|info|biz|tr|co|io|app|me|link|ly)\b",
    re.IGNORECASE | re.ASCII,
)
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that count once (twitter-text, configuration v3); all others count twice."""
_BY_HAND = "Answer it by hand in X."


def weight(text: str) -> int:
    """Length of a post as X counts it. Turkish letters count once."""
    return sum(1 if any(a <= ord(c) <= b for a, b in _LIGHT) else 2 for c in text)


def rules(to: ReplyTo, *, private: bool) -> ReplyRules:
    """What X allows for this item."""
    is_message = to.source_key.startswith("dm/")
    refusal = _private_refusal(to) if private or is_message else _public_refusal(to)
    if private or is_message:
        return ReplyRules(False, LONGEST_MESSAGE, may_link=True, refusal=refusal)
    return ReplyRules(True, LONGEST_POST, may_link=False, refusal=refusal)


def send(client: XClient, to: ReplyTo, text: str, *, private: bool) -> Outcome:
    """Send one answer. Raises nothing."""
    allowed = rules(to, private=private)
    problem = allowed.refusal or _problem(allowed, text)
    if problem:
        return Never(problem)
    if allowed.public:
        return _outcome(lambda: client.reply(text, to.facts["external_id"]), "id")
    return _outcome(lambda: client.message(text, to.facts["author"]), "dm_event_id")


def _public_refusal(to: ReplyTo) -> str:
    if to.facts.get("deleted") or to.facts.get("own"):
        return "This is a deleted post, or one of our own."
    if not to.facts.get("external_id", "").isdigit():
        return "This is no post on X."
    if not to.facts.get("summoned"):
        return f"X lets an app answer only who mentioned or quoted the account. {_BY_HAND}"
    if to.facts.get("reply_settings", "everyone") in ("following", "subscribers", "verified"):
        return f"The author lets only certain people answer. {_BY_HAND}"
    return ""


def _private_refusal(to: ReplyTo) -> str:
    if not to.source_key.startswith("dm/") or to.facts.get("own"):
        return "X lets us write in private only to who wrote a direct message first."
    return "" if to.facts.get("author", "").isdigit() else "The sender is not known."


def _problem(allowed: ReplyRules, text: str) -> str:
    length = weight(text) if allowed.public else len(text)
    if not text.strip():
        return "The answer is empty."
    if length > allowed.longest:
        return f"The answer is too long for X: {length} of {allowed.longest}."
    if not allowed.may_link and _LINK.search(text):
        return "A public answer on X must not hold a link."
    return ""


def _outcome(send_it: Callable[[], Json], name: str) -> Outcome:
    try:
        answer = send_it()
    except Trouble as trouble:
        return _refused(trouble)
    data = answer.get("data")
    sent = data.get(name) if isinstance(data, dict) else None
    if isinstance(sent, str):
        return Accepted(sent)
    return Unknown("X answered without the id of what was sent.")


def _refused(trouble: Trouble) -> Outcome:
    if trouble.cause is Cause.THROTTLED or (trouble.cause is Cause.BUSY and not trouble.asked):
        return NotNow(trouble.reason, trouble.after)
    if trouble.cause.stops_the_account:
        return Stop(trouble.reason, trouble.remedy)
    if trouble.cause is Cause.PERMISSION:
        return Never(f"{trouble.reason} {_BY_HAND}")
    return Unknown(f"{trouble.reason} It may have been sent: look at the account.")
