"""The one schema: what every message is, whatever it came as.

Frozen, versioned, printed by ``basvuru normalize --schema`` and documented from here. A reader
(:mod:`normalizers`) turns the raw bytes of one item into one :class:`Reading`. A reader is pure:
no network, no database, no clock, and it **never raises on content**: what it could not read is
said in ``warnings`` (readable as far as it went) or ``error`` (nothing came of it).

Versioning: a field may be added within a version; a changed meaning, a removed field or a renamed
one raises :data:`SCHEMA_VERSION`. Stored documents keep the version that wrote them.
"""

from datetime import date as Date  # noqa: N812  a type name, used as one
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from normalizers.text.subject import made_from
from normalizers.text.words import words_in

SCHEMA_VERSION = 1
_SEARCHED = 50_000
"""Characters of a message that can be searched."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Identifier(_Frozen):
    """Something in the text that names a person or a thing."""

    value: str
    """Normalised: phone in E.164, digits only for TCKN and VKN, plate in upper-case ASCII without
    blanks, IBAN without blanks, date as ISO 8601, amount as a plain decimal, mail in lower case,
    address on one line."""
    raw: str
    """As it stood in the text."""
    page: int | None = None
    """Page, from 1; null outside documents."""
    certainty: float = 1.0
    """0 to 1. 1: a checksum or an exact format proves it. Below 0.5: do not act on it alone."""


class Identifiers(_Frozen):
    """Everything that was found, each list in order of appearance, without repeats."""

    phone: tuple[Identifier, ...] = ()
    tckn: tuple[Identifier, ...] = ()
    vkn: tuple[Identifier, ...] = ()
    policy: tuple[Identifier, ...] = ()
    claim: tuple[Identifier, ...] = ()
    plate: tuple[Identifier, ...] = ()
    email: tuple[Identifier, ...] = ()
    iban: tuple[Identifier, ...] = ()
    name: tuple[Identifier, ...] = ()
    date: tuple[Identifier, ...] = ()
    amount: tuple[Identifier, ...] = ()
    address: tuple[Identifier, ...] = ()
    application_number: tuple[Identifier, ...] = ()


class Sender(_Frozen):
    """Who sent it, as far as the source says (not what the text says)."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    """E.164. For a fax: the number the call came from."""
    handle: str | None = None
    """Name on a social network, with the network in front: ``x:@handle``."""


class Attachment(_Frozen):
    """A file that came with the message. Its bytes are kept under ``sha256``."""

    name: str
    """Safe to write to disk: no path, no control characters, never empty."""
    size: int
    """Bytes, decoded."""
    sha256: str
    content_type: str


class PlacedWord(NamedTuple):
    """One word of a page; written as a list, in this order. Its box is on the page as it came,
    before it was turned."""

    text: str
    row: Annotated[int, Field(description="Of the page's text, from 1.")]
    left: Annotated[float, Field(description="Fraction of the width of the page as it came.")]
    top: Annotated[float, Field(description="Fraction of its height.")]
    right: Annotated[float, Field(description="As `left`.")]
    bottom: Annotated[float, Field(description="As `top`.")]
    conf: Annotated[
        int, Field(description="0 to 100: how sure the engine is; 100 of a text layer.")
    ]


class Page(_Frozen):
    """One page of a fax, a scan or a document."""

    page: int
    """From 1."""
    text: str
    mean_conf: float | None = None
    """0 to 100, weighted by characters; null when the text did not come from OCR."""
    rotation: int = 0
    """Degrees clockwise by which the page was turned to be read: 0, 90, 180, 270."""
    blank: bool = False
    seconds: float = 0.0
    """CPU-bound time that reading took."""
    poor: bool = False
    """It was read too poorly to trust, or not at all: a person looks."""
    words: tuple[PlacedWord, ...] = ()
    """What ``text`` is made of, row by row; none of a text layer with too many."""


class MailFacts(_Frozen):
    """What only e-mail has. Message ids without angle brackets."""

    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    from_addr: str | None = None
    from_name: str | None = None
    subject: str | None = None
    to: tuple[str, ...] = ()
    """Addresses that it was sent to (To, Cc, Delivered-To, X-Original-To), lower case."""
    returned: tuple[str, ...] = ()
    """Of a delivery report: Message-IDs of the mails that it is about."""
    reply_text: str = ""
    """Only what this sender newly wrote: no quoted mail, no attribution line."""
    date: datetime | None = None
    """The Date header; aware."""
    is_auto_reply: bool = False
    """Vacation, out of office, auto-responder (RFC 3834 and its look-alikes)."""
    is_bounce: bool = False
    """Permanent non-delivery report."""
    is_automatic: bool = False
    """Any machine mail that nobody expects an answer to: the two above, delay notices, challenge
    and response, feedback loops (ARF), read receipts (MDN), what programs send on their own."""
    is_generated: bool = False
    """Of automatic mail: in answer to nothing, a program sent it on its own (RFC 3834
    ``auto-generated``): a portal's notice of a complaint as well as a report of a backup."""
    is_bulk: bool = False
    """A newsletter: one text to many, with a way to unsubscribe."""


class SocialFacts(_Frozen):
    """What only social networks have. Ids as the network writes them."""

    network: str
    """x, facebook, instagram, linkedin, or a plugin's."""
    external_id: str
    """The network's id of this version of it; seen twice, on whatever way, it is the same thing."""
    first_id: str
    """The id that stays through edits; equal to ``external_id`` where an edit keeps the id."""
    author_id: str | None = None
    """Who wrote it, by the network's id, which stays when names change."""
    conversation_id: str | None = None
    """What it belongs to: the thread, the post that was commented, the direct conversation."""
    in_reply_to: str | None = None
    """Id of what it answers: of a mail its In-Reply-To, else the network's id."""
    url: str | None = None
    """Where people can see it; null for what is private."""
    public: bool = True
    """Whether everybody can read it: an answer there carries no personal data."""
    version: str = ""
    """Empty for the first version; any other is an edit of what came before."""
    edited_at: datetime | None = None
    """When it was edited, where the network says so."""
    deleted: bool = False
    """The author took it back, or the network did: a mark on what came before, without text."""
    own: bool = False
    """We wrote it ourselves, or a colleague did in the network's own pages."""


class FormFacts(_Frozen):
    """What only forms have: said in fields, by the applicant or a colleague who wrote it down."""

    subject: str = ""
    type: str = ""
    """What the applicant calls it: complaint, request ...; empty where it was not asked."""
    medium: str = ""
    """How it reached the colleague: phone, counter, post ...; empty where the applicant wrote."""
    entered_by: str = ""
    """Login of the colleague who wrote it down."""
    call: str = ""
    """Id of the call during which it was written down."""
    recording: str = ""
    """Where the telephone system keeps the recording of that call."""
    notice: str = ""
    """Version of the privacy notice that the applicant was shown."""
    proved: str = ""
    """Number of the application that the sender proved to be a party of."""


class Message(_Frozen):
    """One message, whatever it came as."""

    schema_version: int = SCHEMA_VERSION
    source: str
    """Where it was read from: the source key, or a path for ``basvuru normalize``."""
    kind: str
    """What read it: email, fax, post, text, or a plugin's."""
    text: str = ""
    """The whole text, NFC, line ends ``\\n``."""
    received_at: datetime | None = None
    """When it reached the source, or what the message says of that."""
    sender: Sender = Sender()
    """Who sent it."""
    identifiers: Identifiers = Identifiers()
    """What was found in what the sender newly wrote."""
    attachments: tuple[Attachment, ...] = ()
    """Files that came with it."""
    warnings: tuple[str, ...] = ()
    """What could not be read as it should; the rest was."""
    error: str | None = None
    """Why nothing could be read; null when something was."""
    mail: MailFacts | None = None
    social: SocialFacts | None = None
    form: FormFacts | None = None
    pages: tuple[Page, ...] | None = None
    needs_review: bool = False
    """Pages were read too poorly to trust: the reading desk looks at them."""
    delivered_on: Date | None = None
    """The delivery date that stands with a letter, where it differs from ``received_at``."""

    @property
    def written(self) -> str:
        """What the sender newly wrote: the reply without the quotes, else the whole text."""
        return (self.mail.reply_text if self.mail else "") or self.text

    @property
    def subject(self) -> str:
        """What the sender called it; where that is nothing, a line made from the text."""
        given = self.form.subject if self.form else self.mail.subject if self.mail else None
        return given or made_from(self.written)

    @property
    def words(self) -> str:
        """Every word by which it may be looked for, folded: of what was newly written, who sent it,
        the names of its files; and things in one piece, however they were written."""
        found = self.identifiers
        things = (found.plate, found.policy, found.claim, found.iban, found.vkn)
        parts = [
            self.subject,
            self.sender.name or "",
            self.written[:_SEARCHED],
            *("".join(words_in(one.value)) for each in things for one in each[:20]),
            *(file.name for file in self.attachments[:20]),
        ]
        return " ".join(words_in(" ".join(parts)))

    @property
    def medium(self) -> str:
        """On which way it reached us: the network, what a colleague said who wrote it down, or the
        kind."""
        network = self.social.network if self.social else ""
        return network or (self.form.medium if self.form else "") or self.kind

    @property
    def is_machine(self) -> bool:
        """A machine wrote it, or it is our own, or a mark that something was taken back: never
        acknowledge, never open an application for it."""
        if self.social is not None:
            return self.social.own or self.social.deleted
        mail = self.mail
        return bool(mail and mail.is_automatic and not (mail.is_generated and self.names_a_matter))

    @property
    def is_unattended(self) -> bool:
        """Nobody waits for an automatic acknowledgement, or RFC 3834 forbids one: all machine mail,
        and newsletters that name nothing of ours."""
        mail = self.mail
        return self.is_machine or bool(
            mail and (mail.is_automatic or (mail.is_bulk and not self.names_a_matter))
        )

    @property
    def names_a_matter(self) -> bool:
        """A policy, claim, plate, identity number or a number of ours stands in it."""
        found = self.identifiers
        named = (found.policy, found.claim, found.plate, found.tckn, found.application_number)
        return any(one.certainty >= 0.5 for each in named for one in each)

    def flat(self) -> dict[str, Any]:
        """The published JSON form (``basvuru normalize``): the fields of e-mail, of social networks
        and of forms at the top level, ``pages`` and ``needs_review`` only for documents."""
        out = self.model_dump(
            mode="json",
            exclude={"mail", "social", "form", "pages", "needs_review", "delivered_on"},
        )
        for facts in (self.mail, self.social, self.form):
            out |= facts.model_dump(mode="json") if facts is not None else {}
        if self.pages is not None:
            out["pages"] = [page.model_dump(mode="json") for page in self.pages]
            out["needs_review"] = self.needs_review
            out.setdefault("subject", self.subject)
            out["delivered_on"] = self.delivered_on and self.delivered_on.isoformat()
        return out


class Part(NamedTuple):
    """The bytes of one attachment, in the order of ``Message.attachments``."""

    attachment: Attachment
    data: bytes


class Reading(NamedTuple):
    """What a reader returns: the message, and the bytes that belong to its attachments."""

    message: Message
    parts: tuple[Part, ...] = ()
