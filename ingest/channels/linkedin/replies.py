"""Answering a comment or a post on LinkedIn: in public, in the page's name, by a comment.

A page has no private messages that a program could send. Answers have one level: who answered a
comment is answered beside it.
"""

from ingest.channels.linkedin.client import Gone, LinkedInClient, encoded
from ingest.channels.linkedin.settings import LinkedInSettings
from ingest.contract import ReplyRules, ReplyTo
from ingest.outcomes import Accepted, Never, NotNow, Outcome, Stop, Unknown
from ingest.social.trouble import Cause, Trouble

LONGEST = 1_250
"""Characters of a comment."""


def rules(to: ReplyTo, *, private: bool) -> ReplyRules:
    """What LinkedIn allows for this item. A link is for nobody: it would be read by all."""
    refusal = ""
    if private:
        refusal = "LinkedIn lets no program write private messages in the name of a page."
    elif to.facts.get("deleted") or to.facts.get("own"):
        refusal = "This was taken back, or is our own."
    elif not to.facts.get("conversation"):
        refusal = "It is not known which post this belongs to."
    return ReplyRules(public=True, longest=LONGEST, may_link=False, refusal=refusal)


def send(
    settings: LinkedInSettings, client: LinkedInClient, to: ReplyTo, text: str, *, private: bool
) -> Outcome:
    """Send one answer. Raises nothing."""
    problem = rules(to, private=private).refusal or _problem(text)
    if problem:
        return Never(problem)
    parent = to.facts.get("in_reply_to") or to.facts.get("comment", "")
    target = parent or to.facts["conversation"]
    body = {
        "actor": settings.urn,
        "object": to.facts["conversation"],
        "message": {"text": text},
        **({"parentComment": parent} if parent else {}),
    }
    try:
        made = client.post(f"/socialActions/{encoded(target)}/comments", body)
    except Trouble as trouble:
        return _refused(trouble)
    return Accepted(made) if made else Unknown("LinkedIn took it and did not say its id.")


def _problem(text: str) -> str:
    if not text.strip():
        return "The answer is empty."
    if len(text) > LONGEST:
        return f"The answer is too long for LinkedIn: {len(text)} of {LONGEST}."
    if "://" in text or "www." in text:
        return "A public answer on LinkedIn must not hold a link."
    return ""


def _refused(trouble: Trouble) -> Outcome:
    if isinstance(trouble, Gone):
        return Never("What is to be answered is gone.")
    if trouble.cause is Cause.THROTTLED or not trouble.asked:
        return NotNow(trouble.reason, trouble.after)
    if trouble.cause.stops_the_account:
        return Stop(trouble.reason, trouble.remedy)
    if trouble.cause is Cause.PERMISSION:
        return Never(f"{trouble.reason} {trouble.remedy}")
    return Unknown(f"{trouble.reason} It may have been sent: look at the post.")
