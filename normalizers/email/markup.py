"""How deep and how large a document is, told from its tags alone, before a parser sees it.

The parsers' rules for broken HTML copy unclosed elements into every paragraph and search the open
ones for every tag. What that costs is bounded by (tags times open elements); real mail stays far
below the bound.
"""

import re
from collections import Counter
from html import unescape

MAX_SIZE = 5_000_000
"""Characters of HTML that are read at all."""
MAX_TAG = 4_000
"""Characters of one tag: inline images and endless attributes are no text."""
FEW_TAGS = 300
MAX_WORK = 1_000_000
"""Tags times open elements."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
_LONG_TAG = re.compile(rf"<[^<>]{{{MAX_TAG},}}>?")
_UNSEEN = re.compile(
    r"<(script|style|head|title)\b[^<]*(?:<(?!/\1\b)[^<]*)*(?:</\1\s{0,9}>|\Z)", re.IGNORECASE
)
_BLOCK = re.compile(r"<(?:br|/?(?:p|div|tr|li|h[1-6]|table|ul|ol|blockquote|hr))\b[^<>]*>", re.I)
_ANY_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>?")
_NEVER_OPEN = frozenset((
    "area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "img", "input",
    "li", "link", "meta", "option", "p", "source", "tbody", "td", "tfoot", "th", "thead", "tr",
    "track", "wbr",
))  # fmt: skip
"""Elements without content, or whose end tag may be left out: they close one another."""


def tame(markup: str) -> tuple[str, int | None]:
    """The document within bounds of size; and the most elements that are open at one place, or
    None when it is too much for a parser."""
    markup = markup[:MAX_SIZE]
    if len(markup) > MAX_TAG:
        markup = _LONG_TAG.sub("", markup)
    tags = markup.count("<")
    if tags <= FEW_TAGS:
        return markup, _depth(markup)
    depth = _depth(markup)
    return markup, depth if tags * depth <= MAX_WORK else None


def _depth(markup: str) -> int:
    """Closing tags count only against open elements of their own name."""
    counts: Counter[str] = Counter()
    now = deepest = 0
    for tag in _TAG.finditer(markup):
        name = tag[2].lower()
        if name in _NEVER_OPEN:
            continue
        if not tag[1]:
            counts[name] += 1
            now += 1
            deepest = max(deepest, now)
        elif counts[name]:
            counts[name] -= 1
            now -= 1
    return deepest


def without_tags(markup: str) -> str:
    """The text between the tags, lines where blocks begin and end."""
    text = _ANY_TAG.sub("", _BLOCK.sub("\n", _UNSEEN.sub("", markup)))
    return unescape(text)
