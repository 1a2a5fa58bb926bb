"""What the sender newly wrote, apart from what they quoted.

Lines are marked and then cut; no expression spans lines, so the time is linear in the text. Kept
on purpose: answers below or between quoted lines; a forwarded mail, which is what the sender wants
us to read; and everything where nothing else would remain but a header block.
"""

import re
from bisect import bisect
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from normalizers.email import quote_words as table
from normalizers.email import quotes
from normalizers.text.turkish import fold

MAX_SIGNATURE = 15
"""Lines below ``--`` that can be a signature; more is a text with a line drawn in it."""
MAX_RULED = 4
"""Lines below a ruled line (``____``) at the end that can be a signature."""
_DEVICE_LENGTH = 100

_QUOTED = re.compile(r"[ \t]{0,3}[A-Za-z]{0,3}>")
_RULE = re.compile(r"\s*(?:[-–—_=*#~+]{2,}|[—ᐧ])\s*")
_SIGNATURE = re.compile(r"\s{0,2}(?:--|—|- -|–)\s*")
_LINK = re.compile(r"\s*[(<\[]?https?://\S+[)>\]]?\s*>?\s*")
_CLOSING = re.compile(r"[)>\]]")


class Reply(NamedTuple):
    """``text``: newly written, without signature. ``own``: newly written with signature, without
    quoted lines; what stands there is the sender's own."""

    text: str
    own: str


def split(text: str, subject: str) -> Reply:
    """Tell the sender's words from the quoted ones. ``text`` has ``\n`` line ends."""
    mail = _mark(text.split("\n"))
    if mail.forward and (_is_forward(subject) or not any(map(_has_words, mail.lines))):
        return Reply(text.strip(), text)
    kept, signature = _without_signature(mail)
    own = [line.text for line in kept if line.kind == "own"]
    return Reply(_joined(_answer(kept)), "\n".join([*own, *signature]))


class _Line(NamedTuple):
    text: str
    kind: Literal["own", "quoted", "rule"]


@dataclass(slots=True)
class _Mail:
    """The lines above whatever is quoted as a whole, without attributions."""

    lines: list[_Line] = field(default_factory=list)
    starts_quoted: bool = False
    """An attribution is the first thing: the answer stands below."""
    forward: bool = False
    """What was cut off may be a forwarded mail."""
    _words: bool = False

    def add(self, text: str, kind: Literal["own", "quoted", "rule"]) -> None:
        self.lines.append(_Line(text, kind))
        self._words = self._words or _has_words(self.lines[-1])

    def add_attribution(self, before: str) -> None:
        self.starts_quoted = self.starts_quoted or not (before or self._words)
        self.add(before, "own")


def _mark(lines: list[str]) -> _Mail:
    mail = _Mail()
    fenced = _fenced(lines)
    i = 0
    while i < len(lines):
        line = lines[i]
        if i in fenced or not line.strip():
            mail.add(line, "own")
        elif (kind := _kind(line, mail.lines)) != "own":
            mail.add(line, kind)
        elif drawn := quotes.separator(line) or (quotes.is_header_block(lines, i) and "forward"):
            mail.forward = drawn == "forward"
            break
        elif (found := quotes.attribution(lines, i)) and _quote_follows(lines, found.end):
            mail.add_attribution(found.before)
            i = found.end - 1
        elif found and found.certain:
            mail.add(found.before, "own")
            break
        else:
            mail.add(line, "own")
        i += 1
    return mail


def _fenced(lines: list[str]) -> set[int]:
    """Lines inside code fences: nothing in them is a mark."""
    fences = [i for i, line in enumerate(lines) if line.startswith("```")]
    pairs = zip(fences[::2], fences[1::2], strict=False)
    return {i for start, end in pairs for i in range(start, end + 1)}


def _quote_follows(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return _QUOTED.match(following) is not None


def _kind(line: str, above: list[_Line]) -> Literal["own", "quoted", "rule"]:
    if _QUOTED.match(line) or _breaks_off(above, line):
        return "quoted"
    return "rule" if _RULE.fullmatch(line) else "own"


def _breaks_off(above: list[_Line], line: str) -> bool:
    """A link that a program wrapped without quoting its second line."""
    if not above or above[-1].kind != "quoted" or not line.strip():
        return False
    quoted = above[-1].text
    start = max(quoted.rfind("(http"), quoted.rfind("<http"))
    cut_off = start >= 0 and not _CLOSING.search(quoted, start)
    return cut_off or _LINK.fullmatch(line) is not None


def _without_signature(mail: _Mail) -> tuple[list[_Line], list[str]]:
    """Lines above the signature, and the signature. Below a quote that starts the mail only what
    is not quoted is the answer."""
    marked = mail.lines
    if mail.starts_quoted:
        marked = [line for line in marked if line.kind != "quoted"]
    written = [i for i, line in enumerate(marked) if line.kind == "own" and line.text.strip()]
    start = next((i for i, line in enumerate(marked) if _has_words(line)), len(marked))
    for i in range(start, len(marked)):
        line = marked[i]
        if line.kind != "rule":
            continue
        below = written[bisect(written, i) :]
        if line.text == "-- " or len(below) <= _signature_lines(line.text):
            return marked[:i], [marked[n].text for n in below]
    return marked, []


def _signature_lines(rule: str) -> int:
    """How many lines below a rule can be a signature. Most rules only part two paragraphs."""
    if _SIGNATURE.fullmatch(rule):
        return MAX_SIGNATURE
    return MAX_RULED if rule.strip(" _") == "" else 0


def _answer(marked: list[_Line]) -> list[str]:
    """Without quoted lines, rules and phone signatures at the end."""
    end = len(marked)
    while end and _is_trailing(marked[end - 1]):
        end -= 1
    return [line.text for line in marked[:end]]


def _is_trailing(line: _Line) -> bool:
    return line.kind != "own" or not line.text.strip() or _is_device(line.text)


def _is_device(line: str) -> bool:
    return len(line) <= _DEVICE_LENGTH and fold(line).strip(" *_[").startswith(table.DEVICES)


def _joined(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n").rstrip()


def _has_words(line: _Line) -> bool:
    return line.kind != "rule" and bool(line.text.strip())


def _is_forward(subject: str) -> bool:
    return fold(subject).startswith(table.FORWARD_SUBJECTS)
