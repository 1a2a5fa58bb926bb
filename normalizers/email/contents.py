"""What a mail says and carries: its texts, chosen among alternatives, and its files."""

from dataclasses import dataclass, field
from typing import Literal

from normalizers.email import attachments, flowed, headers, html, tnef, uuencode, words
from normalizers.email.attachments import File
from normalizers.email.mime import Entity
from normalizers.text import repair

MAX_TEXT = 2_000_000
"""Characters of one text part that are used; the raw mail keeps all of it."""

_OCTETS = "application/octet-stream"
_READABLE = ("text/plain", "text/html", "text/enriched")
_SAID = {
    "multipart/encrypted": "encrypted (PGP/MIME): the content cannot be read",
    "multipart/signed": "signed",
    "text/calendar": "calendar invitation",
    "message/partial": "only a fragment of a message",
    "message/external-body": "content is kept elsewhere",
}
_MAILS = ("message/rfc822", "message/global")

Texts = Literal["all", "plain", "none"]
"""Which texts are wanted: of alternatives, one is enough."""


@dataclass
class Contents:
    """Texts in order of appearance (plain or made from HTML), files, and what is worth saying."""

    texts: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(t for t in (text.strip("\n") for text in self.texts) if t.strip())

    def add(self, other: "Contents") -> None:
        self.texts += other.texts
        self.files += other.files
        self.warnings += other.warnings


def collect(entity: Entity, *, texts: Texts = "all") -> Contents:
    """The wanted texts and all files below ``entity``. Attached mails are files."""
    contents = Contents()
    kind = entity.type
    if kind in _SAID:
        contents.warnings.append(_SAID[kind])
    if not entity.children:
        _collect_leaf(entity, kind, contents, texts)
    elif kind == "multipart/alternative" and texts == "all":
        _collect_alternatives(entity, contents)
    else:
        for child in entity.children:
            contents.add(collect(child, texts=texts))
    return contents


def _collect_alternatives(entity: Entity, contents: Contents) -> None:
    """Plain texts that say something, else the first text that does. RFC 2046 §5.1.4 would take
    the last; but a plain text shows what is quoted, and two plain texts are no alternatives."""
    parts = [collect(child, texts="plain") for child in entity.children]
    if not any(part.text for part in parts):
        parts = []
        said = False
        for child in entity.children:
            parts.append(collect(child, texts="none" if said else "all"))
            said = said or bool(parts[-1].text)
    for part in parts:
        contents.add(part)


def _collect_leaf(entity: Entity, kind: str, contents: Contents, texts: Texts) -> None:
    name = attachments.name_of(entity, entity.charset)
    readable = _is_readable(entity, kind)
    if readable and (texts == "all" or (texts == "plain" and kind == "text/plain")):
        _collect_text(entity, kind, contents)
    if not readable or name:
        data = entity.data()
        name = name or (_mail_name(data) if kind in _MAILS else "")
        _collect_file(File(name, kind, data), contents)


def _mail_name(data: bytes) -> str:
    """An attached mail is called after its subject."""
    subject = words.decode(headers.split(data)[0].first(b"subject"))
    return f"{subject.replace('/', '-')}.eml" if subject else ""


def _is_readable(entity: Entity, kind: str) -> bool:
    """Whether a part is shown with the mail. With a name it is kept as a file as well."""
    if entity.disposition.value == b"attachment":
        return False
    return kind in _READABLE or kind.startswith("multipart/")  # that had no part at all


def _collect_file(file: File, contents: Contents) -> None:
    contents.files.append(file)
    if "pkcs7-mime" in file.content_type:
        contents.warnings.append("S/MIME: the content may be inside the attached p7m")
    if file.content_type in tnef.TYPES or tnef.looks_like(file.data):
        _unpack_tnef(file, contents)


def _collect_text(entity: Entity, kind: str, contents: Contents) -> None:
    data = entity.data()
    if kind == "text/html":
        markup = repair.decode(data, entity.charset or html.meta_charset(data))[0]
        contents.texts.append(lines(html.to_text(markup)))
        return
    if b"begin" in data:
        data, files = uuencode.extract(data)
        contents.files += (File(repair.decode(f.name)[0], _OCTETS, f.data) for f in files)
    text = lines(repair.decode(data, entity.charset)[0])
    if entity.content.raw(b"format").lower() == b"flowed":
        delete = entity.content.raw(b"delsp").lower() == b"yes"
        text = flowed.unflow(text, delete_space=delete)
    if "-----BEGIN PGP " in text:
        contents.warnings.append("inline PGP")
    contents.texts.append(text)


def lines(text: str) -> str:
    """Bounded, line ends as ``\\n``, nothing that cannot be stored."""
    text = text[:MAX_TEXT]
    return words.storable(text.replace("\r\n", "\n").replace("\r", "\n"))


def _unpack_tnef(file: File, contents: Contents) -> None:
    """The files inside stand beside winmail.dat, which is what was sent."""
    unpacked = tnef.unpack(file.data)
    if unpacked is None:
        contents.warnings.append("winmail.dat cannot be unpacked")
        return
    contents.files += (File(name, _OCTETS, data) for name, data in unpacked.files)
    text = unpacked.text or (html.to_text(unpacked.html) if unpacked.html else "")
    if text.strip():
        contents.texts.append(lines(text))
