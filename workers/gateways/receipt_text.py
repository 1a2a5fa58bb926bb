"""The text of an SMSC delivery receipt (SMPP 3.4, appendix B).

``id:IIII sub:001 dlvrd:001 submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DELIVRD err:000
text:...``. The form is a habit, not a rule: fields may be missing, and ``text`` (the start of
the SMS) is never taken over.
"""

import re
from typing import NamedTuple

from workers.gateways.contract import Delivery

_FIELD = re.compile(r"\b(id|stat|err):([0-9A-Za-z_-]{1,65})", re.ASCII)
MAX_LENGTH = 1000

STATES = {
    "ENROUTE": Delivery.BUFFERED,
    "ACCEPTD": Delivery.BUFFERED,
    "DELIVRD": Delivery.DELIVERED,
    "EXPIRED": Delivery.EXPIRED,
    "DELETED": Delivery.FAILED,
    "UNDELIV": Delivery.FAILED,
    "REJECTD": Delivery.FAILED,
}
"""``UNKNOWN`` is missing on purpose: it says nothing."""


class ReceiptText(NamedTuple):
    """``detail``: state and network error in the SMSC's words, without anything personal."""

    message_id: str
    state: Delivery | None
    detail: str


def parse_receipt(text: str) -> ReceiptText:
    """Read what is there; missing fields are empty, an unknown state is None."""
    head = text[:MAX_LENGTH].partition("text:")[0].partition("Text:")[0]
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(head):
        fields.setdefault(name, value)
    stat = fields.get("stat", "").upper()
    shown = [stat if stat in STATES else "", f"err {fields['err']}" if "err" in fields else ""]
    return ReceiptText(fields.get("id", ""), STATES.get(stat), " ".join(filter(None, shown)))
