"""Every table, in the order in which a message goes through them.

``raw_item`` and ``event`` are append-only. What still has to be done with a raw item is a row of
``work``, which goes away when it is done: what became of it is then a row of ``filing`` or of
``quarantine``. So the ledger is counted from rows that different code wrote, and can be wrong
only if something was lost.
"""

from storage.tables.applications import (
    application,
    attachment,
    event,
    filing,
    message,
    number_sequence,
    person_key,
    suggestion,
)
from storage.tables.base import metadata
from storage.tables.desk import api_key, call, draft, status_visit, task, upload, upload_chunk
from storage.tables.enclosures import enclosure
from storage.tables.intake import channel, ledger, quarantine, raw_item, refusal, work
from storage.tables.running import installation, lease, process
from storage.tables.sending import callback, outbox
from storage.tables.social import contact_link, credential, gap, noted, social_item

__all__ = [
    "api_key",
    "application",
    "attachment",
    "call",
    "callback",
    "channel",
    "contact_link",
    "credential",
    "draft",
    "enclosure",
    "event",
    "filing",
    "gap",
    "installation",
    "lease",
    "ledger",
    "message",
    "metadata",
    "noted",
    "number_sequence",
    "outbox",
    "person_key",
    "process",
    "quarantine",
    "raw_item",
    "refusal",
    "social_item",
    "status_visit",
    "suggestion",
    "task",
    "upload",
    "upload_chunk",
    "work",
]
