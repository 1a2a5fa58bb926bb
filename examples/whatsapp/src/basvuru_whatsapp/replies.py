"""Answers: what WhatsApp allows, and how one is sent.

Rule: free text goes within 24 hours of the customer's last message ("customer service window"), to
that customer alone. Form: ``POST /PHONE_NUMBER_ID/messages``.
"""

from datetime import datetime, timedelta

import httpx2
from basvuru.plugin import Accepted, Never, NotNow, Outcome, ReplyRules, ReplyTo, Stop, Unknown

from basvuru_whatsapp.graph import BUSY, DENIED, NEW_CONNECTION, REMEDY, Answer, Graph

WINDOW = timedelta(hours=24)
LONGEST = 4_096
"""Characters of a text message."""
WINDOW_CLOSED = 131047
UNDELIVERABLE = frozenset({100, 131026, 131030, 131049, 131051, WINDOW_CLOSED})


def rules(to: ReplyTo, *, private: bool) -> ReplyRules:
    """There is nothing public on WhatsApp; the window runs from the message that is answered, and
    is at least as long as that."""
    refusal = "" if private else "WhatsApp has no public answers."
    sent_at = _moment(to.facts.get("sent_at", ""))
    if sent_at is None or not to.facts.get("sender_phone") or not to.facts.get("phone_number_id"):
        refusal = "It is not known to whom an answer would go."
    until = sent_at + WINDOW if sent_at else None
    return ReplyRules(public=False, longest=LONGEST, may_link=True, until=until, refusal=refusal)


def send(
    graph: Graph, allowed: ReplyRules, to: ReplyTo, text: str, reference: str, now: datetime
) -> Outcome:
    """Send one answer, which quotes the message. Raises nothing."""
    if allowed.refusal:
        return Never(allowed.refusal)
    if allowed.until and now > allowed.until:
        return Never("The 24 hours in which WhatsApp takes an answer are over.")
    if len(text) > allowed.longest:
        return Never(f"WhatsApp takes at most {allowed.longest} characters.")
    body = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": to.facts["sender_phone"].removeprefix("+"),
        "context": {"message_id": to.facts.get("message_id", "")},
        "biz_opaque_callback_data": reference,
        "type": "text",
        "text": {"preview_url": False, "body": text},
    }
    try:
        return _outcome(graph.post(f"{to.facts['phone_number_id']}/messages", body))
    except NEW_CONNECTION as error:
        return NotNow(f"WhatsApp cannot be reached ({type(error).__name__}).")
    except httpx2.HTTPError as error:
        return Unknown(f"The connection broke after the request ({type(error).__name__}).")


def _outcome(answer: Answer) -> Outcome:
    code = answer.code
    if answer.status == 200 and (sent := _sent_id(answer)):
        return Accepted(sent)
    if code in UNDELIVERABLE:
        return Never(f"WhatsApp does not deliver it (code {code}).")
    if answer.status == 429 or code in BUSY:
        return NotNow("WhatsApp asks us to come back later.", answer.retry_after)
    if answer.status in (401, 403) or code in DENIED:
        return Stop(f"WhatsApp refuses the token (code {code}).", REMEDY)
    return Unknown(f"WhatsApp answers with HTTP {answer.status}.")


def _sent_id(answer: Answer) -> str:
    messages = answer.json().get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    found = first.get("id") if isinstance(first, dict) else None
    return found if isinstance(found, str) else ""


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None  # no message of ours: there is nothing to answer
    return moment if moment.tzinfo else None
