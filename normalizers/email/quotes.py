"""The lines that announce a quoted mail: attributions, separators, header blocks.

Tables of words (:mod:`normalizers.email.quote_words`) and a few anchored expressions; each line is
looked at once, together with at most three that follow.
"""

import re
from typing import Literal, NamedTuple

from normalizers.email import quote_words as table
from normalizers.text.turkish import fold

MAX_LINES = 4
"""Lines over which an attribution may be wrapped."""
MAX_LENGTH = 500
MAX_BLOCK = 10
"""Lines of a header block that are looked at."""

_DRAWN = "-–—_=*~#>+ \t"
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b")
_TIME = re.compile(r"(?<![\d.])\d{1,2}[:.]\d\d(?![\d.]\d|\d)")
_STARTS_WITH_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b|\d{1,2}\.? \w{3,10}\.? \d{4}\b")
_GMAIL_SHORT = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d ")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ENDS = (":", "-", ">", "*", "：", "]")
_STARTS = "|".join(sorted({re.escape(start) for start in table.STARTS}, key=len, reverse=True))
_START = re.compile(rf"(?:{_STARTS})\b")
_START_INSIDE = re.compile(rf"(?<=\S )(?:{_STARTS}) (?=(?:\w{{2,10}}[.,]{{0,2}} ){{0,2}}\d)")
_LABEL = re.compile(r"[\s*_]{0,6}([^:：*_]{1,30})[*_ \u00a0]{0,4}[:：]")


class Attribution(NamedTuple):
    """``end``: index after its last line. ``before``: what the sender wrote in front of it.
    ``certain``: so much a program's line that what follows is quoted even without marks: it has
    an address, or a time and a blank line above it."""

    end: int
    before: str
    certain: bool


def separator(line: str) -> Literal["original", "forward"] | None:
    """A line drawn above a quoted or forwarded mail, with its name in it."""
    core = line.strip(_DRAWN)
    if not core or len(core) > 80:
        return None
    key = fold(core).strip(" :")
    if key in table.FORWARD_LINES:
        return "forward"
    if len(core) == len(line.strip()) or not line.strip().startswith(
        ("--", "__", "==", "*-", "~~", "> --")
    ):
        return None
    if key in table.SEPARATORS:
        return "original"
    return "forward" if key.startswith(table.FORWARDS) else None


def is_header_block(lines: list[str], at: int) -> bool:
    """From, date, to and subject of a quoted mail, in any language and order, start here."""
    first = _role(lines[at])
    if first is None or first == "cc":
        return False
    roles = {first}
    addressed = "@" in lines[at]
    strangers = 0
    for line in lines[at + 1 : at + MAX_BLOCK]:
        role = _role(line)
        strangers = 0 if role else strangers + 1
        if strangers > 2:
            break
        if role:
            roles.add(role)
            addressed = addressed or "@" in line
    if "from" in roles:
        alone = at == 0 or not lines[at - 1].strip()
        return len(roles) > 1 or (addressed and alone and len(lines[at]) < 80)
    return {"date", "to"} <= roles and addressed


def _role(line: str) -> str | None:
    label = _LABEL.match(line)
    return table.LABELS.get(fold(label[1].strip())) if label else None


def attribution(lines: list[str], at: int) -> Attribution | None:
    """``On ..., Somebody wrote:`` and its like, starting on line ``at``."""
    joined = ""
    for end in range(at + 1, min(at + MAX_LINES, len(lines)) + 1):
        line = lines[end - 1].strip()
        if not line or (joined and line[0] == ">" and line != ">:"):
            return None
        joined = f"{joined} {line}" if joined else line
        if len(joined) > MAX_LENGTH:
            return None
        if line.endswith(_ENDS) or _GMAIL_SHORT.match(joined):
            found = _attribution(lines, at, end, joined)
            if found or not _may_start(lines[at]):
                return found
    return None


def _attribution(lines: list[str], at: int, end: int, joined: str) -> Attribution | None:
    certain = _reads_as_attribution(joined) if _may_start(lines[at]) else None
    if certain is None or (not _starts_surely(joined) and _starts_later(lines, at, end)):
        return None
    apart = "@" in joined or at == 0 or not lines[at - 1].strip()
    return Attribution(end, _before(joined), certain and apart)


def _starts_surely(joined: str) -> bool:
    """A date, or a word like ``On`` with a date near: not the end of the sender's own text."""
    start = _START.match(joined)
    return _STARTS_WITH_DATE.match(joined) is not None or (
        start is not None and _DATE.search(joined, 0, 40) is not None
    )


def _may_start(line: str) -> bool:
    """Whether a line has a sign of an attribution in it."""
    stripped = line.strip(_DRAWN)
    return (
        "@" in stripped
        or _DATE.search(stripped) is not None
        or _START.match(stripped) is not None
        or stripped.endswith(":")
        or line.rstrip().endswith("--")
    )


def _starts_later(lines: list[str], at: int, end: int) -> bool:
    """Whether the lines below ``at`` are an attribution by themselves: then this one is text."""
    return any(
        _reads_as_attribution(" ".join(line.strip() for line in lines[later:end])) is not None
        and _may_start(lines[later])
        for later in range(at + 1, end)
    )


def _reads_as_attribution(joined: str) -> bool | None:
    """None: it does not. True: surely, by an address or a time. False: if a quote follows."""
    if _GMAIL_SHORT.match(joined):
        return True
    core = joined.strip(_DRAWN)
    drawn = joined.startswith("--") and joined.endswith("--")
    addressed = "@" in core
    if addressed and _STARTS_WITH_DATE.match(core):
        return True
    if not (drawn or core.endswith((":", "："))):
        return None
    key = fold(core).rstrip(" :：")
    verb = next((v for v in table.WROTE if key.endswith(v)), None) or _verb_inside(key, addressed)
    if verb is None:  # in a language that no table knows
        return False if addressed and _DATE.search(core) else None
    rest = key.replace(verb, " ")
    if not (addressed or _names_somebody(rest)):
        return None
    return addressed or drawn or _TIME.search(rest) is not None


def _verb_inside(key: str, addressed: bool) -> str | None:
    """A verb with the date or the address behind it."""
    for verb in table.WROTE_INSIDE:
        before, found, behind = key.partition(f" {verb} ")
        if found and (_DATE.search(behind) or (addressed and _DATE.search(before))):
            return verb
    return None


def _names_somebody(rest: str) -> bool:
    return any(word not in table.NOT_NAMES for word in _WORD.findall(rest))


def _before(joined: str) -> str:
    """The sender's words on the same line: ``yes On Wed, Apr 4, 2012, bob wrote:``."""
    start = _START_INSIDE.search(joined)
    if start is None:
        return ""
    before = joined[: start.start()].strip()
    return "" if set(before) & set("@<>0123456789") or not before.strip(_DRAWN) else before
