"""What somebody said in fields: a web form, an app, a colleague who writes down a call.

The body of such an item is one JSON object, made here and read by :mod:`normalizers.form`. Files
are not in it: it names their SHA-256, and they lie in the blob store, landed beside the item
(``Delivery.originals``). The same words and files always give the same bytes, so a form that was
sent twice is recognised like a mail that was delivered twice.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from ingest.contract import RawItem


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file that came with a form. ``content_type`` was found by looking into it."""

    name: str = field(repr=False)
    size: int
    sha256: str
    content_type: str

    @classmethod
    def of(cls, name: str, content_type: str, data: bytes) -> "FormFile":
        return cls(name, len(data), sha256(data).hexdigest(), content_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of one application or message. Empty: not said."""

    text: str = field(repr=False)
    type: str = ""
    """What the applicant calls it: a type of docs/life.md."""
    subject: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)
    """TCKN; asked only where the law wants one (data-protection requests)."""
    policy: str = field(default="", repr=False)
    claim: str = field(default="", repr=False)
    medium: str = ""
    """How it reached whoever filled in the form: ``phone``, ``counter``, ``post`` ..."""
    entered_by: str = ""
    """Login of the colleague who filled it in."""
    call: str = ""
    """Our id of the call during which it was written down."""
    recording: str = ""
    """Where the telephone system keeps the recording of that call."""
    notice: str = ""
    """Version of the privacy notice that was shown."""
    proved: str = ""
    """Number of the application that the sender proved to be a party of; never taken from a field
    that anybody can fill in."""
    files: tuple[FormFile, ...] = ()


def with_files(form: Form, files: tuple[FormFile, ...]) -> Form:
    """The same form, with these files."""
    return replace(form, files=files)


def item(kind: str, key: str, form: Form, received_at: datetime | None = None) -> RawItem:
    """The raw item of a form. ``key`` is the idempotency key: one key, one item."""
    said = {name: value for name, value in asdict(form).items() if value}
    body = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return RawItem(key, kind, body.encode("utf-8", "replace"), received_at)
