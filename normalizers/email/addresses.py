"""Mailboxes in address headers (RFC 5322 §3.4, RFC 6532), as people and programs write them.

Taken apart on bytes, before encoded words are decoded: a comma inside a decoded name is no comma.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from normalizers.email import words

MAX_HEADER = 100_000
MAX_MAILBOXES = 200
_PIECE = re.compile(
    rb'(?P<quoted>"(?:[^"\\]|\\.)*+(?:"|$))'
    rb"|(?P<comment>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+(?:\)|$))"
    rb"|(?P<angle><[^<>]*+>?)"
    rb"|(?P<mark>[,;])"
    rb'|(?P<plain>[^"(<,;]+)'
    rb"|(?P<other>.)",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_GROUP = re.compile(rb"\s*[^:@<>\"]{0,200}:(?=[^:]|$)")
_BARE = re.compile(rb"[^\s,;:<>()\"]+@[^\s,;:<>()\"]+")
_COMMENT = re.compile(rb"\((?:[^()\\]|\\.)*+\)")
_BLANKS = re.compile(r"\s+")


class Mailbox(NamedTuple):
    """``name`` decoded, ``address`` without brackets; either may be empty."""

    name: str
    address: str


def first(header: bytes, charset: str | None = None) -> Mailbox:
    """The first mailbox that has an address; else whatever name stands there."""
    name_only = Mailbox("", "")
    for mailbox in mailboxes(header, charset):
        if mailbox.address:
            return mailbox
        name_only = name_only if name_only.name else mailbox
    return name_only


def mailboxes(header: bytes, charset: str | None = None) -> Iterator[Mailbox]:
    header = header[:MAX_HEADER]
    group = _GROUP.match(header)
    pieces = list(_PIECE.finditer(header, group.end() if group else 0))
    for number, mailbox in enumerate(_segments(pieces)):
        if number == MAX_MAILBOXES:
            return
        yield _mailbox(mailbox, charset)


def _segments(pieces: list[re.Match[bytes]]) -> Iterator[list[re.Match[bytes]]]:
    """Cut at commas that follow an address: in ``Doe, John <j@x>`` the first one does not."""
    segment: list[re.Match[bytes]] = []
    for piece in pieces:
        if piece.lastgroup != "mark":
            segment.append(piece)
        elif any(_has_address(p) for p in segment):
            yield segment
            segment = []
        elif segment:
            segment.append(piece)
    if segment:
        yield segment


def _has_address(piece: re.Match[bytes]) -> bool:
    return piece.lastgroup == "angle" or (piece.lastgroup == "plain" and b"@" in piece[0])


def _mailbox(pieces: list[re.Match[bytes]], charset: str | None) -> Mailbox:
    angle = next((p for p in pieces if p.lastgroup == "angle"), None)
    if angle is not None:
        address = angle[0].strip(b"<> \t")
        phrase = b"".join(_unquoted(p) for p in pieces if p.lastgroup not in ("angle", "comment"))
    else:
        plain = b"".join(p[0] for p in pieces if p.lastgroup != "comment")
        address, phrase = _bare(plain)
    if not phrase.strip():
        comments = [p[0].strip(b"()") for p in pieces if p.lastgroup == "comment"]
        phrase = b" ".join(_ESCAPE.sub(rb"\1", c) for c in comments)
    return Mailbox(_name(phrase, charset), _address(address, charset))


def _unquoted(piece: re.Match[bytes]) -> bytes:
    if piece.lastgroup != "quoted":
        return piece[0]
    return _ESCAPE.sub(rb"\1", piece[0].removeprefix(b'"').removesuffix(b'"'))


def _bare(plain: bytes) -> tuple[bytes, bytes]:
    """Address and name where no angle brackets help."""
    address = _BARE.search(plain)
    if address is None:
        return (b"", plain) if b"@" not in plain else (plain.strip(), b"")
    return address[0], (plain[: address.start()] + plain[address.end() :]).replace(b'"', b"")


def _name(phrase: bytes, charset: str | None) -> str:
    name = words.decode(phrase, charset).strip(" ,;")
    while len(name) > 1 and name[0] in "\"'" and name[-1] == name[0]:
        name = name[1:-1].strip()
    return name


def _address(raw: bytes, charset: str | None) -> str:
    """Without comments, source route (RFC 5322 §4.4) and the blanks that nobody means."""
    address = words.decode(_COMMENT.sub(b"", raw), charset)
    if address.startswith("@") and ":" in address:
        address = address.partition(":")[2]
    if '"' not in address:
        address = _BLANKS.sub("", address)
    return address.strip("<>,; ").removeprefix("mailto:")
