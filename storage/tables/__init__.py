"""Every table, in the order in which a message goes through them.

``raw_item`` and ``event`` are append-only. What still has to be done with a raw item is a row of
``work``, which goes away when it is done: what became of it is then a row of ``filing`` or of
``quarantine``. So the ledger is counted from rows that different code wrote, and can be wrong
only if something was lost.
"""

from storage.tables.answers import (
    answer,
    approval_rule,
    call_attempt,
    closing,
    disposal,
    doomed_blob,
    keeping,
    letter,
    letter_text,
    note,
    proceeding,
    question,
    representative,
    survey,
    verdict,
)
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
from storage.tables.assessment import (
    assessment,
    calendar_year,
    clock,
    deadline_rule,
    hint,
    holiday,
    lookup,
    notice,
    rule,
    taxonomy,
    to_suggest,
)
from storage.tables.base import metadata
from storage.tables.desk import api_key, call, draft, status_visit, task, upload, upload_chunk
from storage.tables.enclosures import enclosure
from storage.tables.intake import channel, ledger, quarantine, raw_item, refusal, work
from storage.tables.routing import (
    absence,
    conflict,
    consultation,
    finding,
    improvement,
    improvement_source,
    improvement_step,
)
from storage.tables.running import installation, lease, process
from storage.tables.sending import callback, outbox
from storage.tables.social import contact_link, credential, gap, noted, social_item
from storage.tables.staff import department, one_time, session, staff, view_log

__all__ = [
    "absence",
    "answer",
    "api_key",
    "application",
    "approval_rule",
    "assessment",
    "attachment",
    "calendar_year",
    "call",
    "call_attempt",
    "callback",
    "channel",
    "clock",
    "closing",
    "conflict",
    "consultation",
    "contact_link",
    "credential",
    "deadline_rule",
    "department",
    "disposal",
    "doomed_blob",
    "draft",
    "enclosure",
    "event",
    "filing",
    "finding",
    "gap",
    "hint",
    "holiday",
    "improvement",
    "improvement_source",
    "improvement_step",
    "installation",
    "keeping",
    "lease",
    "ledger",
    "letter",
    "letter_text",
    "lookup",
    "message",
    "metadata",
    "note",
    "noted",
    "notice",
    "number_sequence",
    "one_time",
    "outbox",
    "person_key",
    "proceeding",
    "process",
    "quarantine",
    "question",
    "raw_item",
    "refusal",
    "representative",
    "rule",
    "session",
    "social_item",
    "staff",
    "status_visit",
    "suggestion",
    "survey",
    "task",
    "taxonomy",
    "to_suggest",
    "upload",
    "upload_chunk",
    "verdict",
    "view_log",
    "work",
]
