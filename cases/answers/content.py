"""What an answer says, in parts that can be checked; the letter is made of them."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from storage.answers import AnswerRow


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with an answer; its bytes are a blob."""

    name: str
    content_type: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Signatory:
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class DataSubject:
    """Whom an answer to a data-protection request names (communiqué of 10.03.2018, articles 5, 6).

    Of foreigners ``identity`` is nationality and passport number.
    """

    name: str
    identity: str
    address: str
    subject: str


@dataclass(frozen=True, slots=True)
class Content:
    """The parts of one answer. ``reasons`` are the handler's own words; the rest is chosen."""

    medium: str
    language: str
    position: str
    template: str
    reasons: str = field(repr=False)
    redress: int = 0
    """Kuruş that we pay or waive."""
    remedies: tuple[str, ...] = ()
    recipient: str = field(default="", repr=False)
    """Mail address or phone where it goes, if not where the applicant wrote from."""
    address: tuple[str, ...] = field(default=(), repr=False)
    """Lines of the postal address of a letter, the name first."""
    files: tuple[File, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    data_subject: DataSubject | None = field(default=None, repr=False)
    message_id: int | None = None
    """The post or message that is answered in its channel; None: the newest."""

    def packed(self) -> dict[str, Any]:
        """The parts that have no column of their own, as JSON."""
        whole = asdict(self)
        names = ("address", "files", "signatories", "data_subject", "message_id")
        return {name: whole[name] for name in names}


def content_of(answer: AnswerRow) -> Content:
    """The parts of a stored answer."""
    packed = answer.content
    subject = packed["data_subject"]
    return Content(
        medium=answer.medium,
        language=answer.language,
        position=answer.position,
        template=answer.template,
        reasons=answer.reasons,
        redress=answer.redress,
        remedies=tuple(answer.remedies),
        recipient=answer.recipient,
        address=tuple(packed["address"]),
        files=tuple(File(**one) for one in packed["files"]),
        signatories=tuple(Signatory(**one) for one in packed["signatories"]),
        data_subject=DataSubject(**subject) if subject else None,
        message_id=packed["message_id"],
    )


@dataclass(frozen=True, slots=True)
class Way:
    """How an answer goes when it goes again: ``address`` and ``signatories`` make a letter."""

    medium: str
    recipient: str = field(default="", repr=False)
    address: tuple[str, ...] = field(default=(), repr=False)
    signatories: tuple[Signatory, ...] = ()


def with_way(content: Content, way: Way) -> Content:
    """The same answer another way, with the text that fits it."""
    if way.medium not in ("email", "letter"):
        template = "answer"
    else:
        template = "decision" if content.template == "answer" else content.template
    return replace(
        content,
        medium=way.medium,
        template=template,
        recipient=way.recipient,
        address=way.address or content.address,
        signatories=way.signatories or content.signatories,
    )
