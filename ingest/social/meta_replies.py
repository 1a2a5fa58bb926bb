"""Answers on Meta's networks: what is allowed until when, and the calls that send them.

Sources: Meta, "Messenger Platform: Policy" (24 hours; 7 days for a human agent), "Private
Replies" (one, within 7 days of the comment), "Instagram: comment moderation" (300 characters).
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from ingest.contract import ReplyRules, ReplyTo
from ingest.outcomes import Accepted, Never, Outcome, Unknown
from ingest.social.graph_failures import GraphFailure
from ingest.social.meta_account import Account
from ingest.social.meta_said import moment
from ingest.social.trouble import Trouble

Send = Callable[[], Mapping[str, Any]]
"""Makes the call. Raises: GraphFailure, Trouble."""
WINDOW = timedelta(hours=24)
LONG_WINDOW = timedelta(days=7)

BY_HAND = "Only comments and messages can be answered from here; answer by hand on the network."
ONLY_PRIVATE = "A direct message has no public answer."
TAKEN_BACK = "It was taken back by its author."
OURS = "We wrote it ourselves."


def kind_of(to: ReplyTo) -> str:
    """``comment`` of ``comment/1_2@ab12``."""
    return to.source_key.partition("/")[0]


def refused(reason: str, *, public: bool) -> ReplyRules:
    return ReplyRules(public=public, longest=0, may_link=False, refusal=reason)


def never_answered(to: ReplyTo, *, private: bool) -> ReplyRules | None:
    """What is the same on both networks."""
    if to.facts.get("deleted") == "1":
        return refused(TAKEN_BACK, public=not private)
    if to.facts.get("own") == "1":
        return refused(OURS, public=not private)
    if kind_of(to) == "dm" and not private:
        return refused(ONLY_PRIVATE, public=True)
    return None


def private_rules(to: ReplyTo, account: Account, longest: int) -> ReplyRules:
    """For a direct message, or for the one private answer to a comment."""
    long = kind_of(to) == "comment" or account.settings.human_agent
    at = moment(to.facts.get("at"))
    until = at + (LONG_WINDOW if long else WINDOW) if at else None
    return ReplyRules(public=False, longest=longest, may_link=True, until=until)


def recipient(to: ReplyTo) -> Mapping[str, str]:
    if kind_of(to) == "comment":
        return {"comment_id": to.facts.get("external_id", "")}
    return {"id": to.facts.get("conversation", "")}


def send_message(account: Account, to: ReplyTo, text: str, reference: str) -> Mapping[str, Any]:
    """``metadata`` comes back with the echo. Raises: GraphFailure, Trouble."""
    at = moment(to.facts.get("at"))
    late = kind_of(to) == "dm" and at is not None and account.now() - at > WINDOW
    tagged = late and account.settings.human_agent
    kind = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if tagged else {}
    return account.graph.post(
        account.page,
        "messages",
        recipient=recipient(to),
        message={"text": text, "metadata": reference},
        **({"messaging_type": "RESPONSE"} | kind),
    )


def outcome(account: Account, rules: ReplyRules, text: str, send: Send) -> Outcome:
    """Check, send, and sort what comes of it. Raises nothing."""
    if rules.refusal or len(text) > rules.longest:
        return Never(rules.refusal or f"The answer is longer than {rules.longest} characters.")
    try:
        told = send()
    except GraphFailure as failure:
        return failure.as_outcome(account.name)
    except Trouble as trouble:  # no answer: it may stand there already
        return Unknown(trouble.reason)
    made = told.get("id") or told.get("message_id")
    if isinstance(made, str) and made:
        return Accepted(made)
    return Unknown(f"{account.name}: Meta took the answer and did not say as what.")
