"""HTML mail to text: what a reader sees, tables as columns, quoted blocks as ``>`` lines.

selectolax (lexbor) takes out what is not shown and marks the quotes; inscriptis lays the rest out.
Both take more than linear time on nests that no program writes (ten thousand unclosed ``font``
make a gigabyte), so :mod:`normalizers.email.markup` looks first, and such documents only lose
their tags.
"""

import re

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from selectolax.lexbor import LexborHTMLParser, LexborNode

from normalizers.email import markup as source

LAID_OUT_SIZE = 200_000
"""Characters up to which the layout is worth its time (about 10 ms)."""
LAID_OUT_DEPTH = 100
"""Open elements up to which inscriptis, which recurses, may lay out."""

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKS = re.compile(f"[{_OPEN}{_CLOSE}]")
_UNSEEN = "script, style, head, title, template, noscript, object, svg, [hidden]"
_STYLED = ", ".join(
    f"[style*='{word}' i]" for word in ("display", "font-size", "visibility", "mso-hide")
)
_HIDDEN = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|mso-hide\s{0,9}:\s{0,9}all"
    r"|font-size\s{0,9}:\s{0,9}[01](?:px|pt)?\s{0,9}(?:;|!|$)",
    re.IGNORECASE,
)
_INDENTED = re.compile(r"border(?:-left)?\s{0,9}:\s{0,9}(?:none|0)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{2,40})", re.I)
_BLOCK_TAGS = "br, p, div, tr, li, h1, h2, h3, h4, table, ul, ol, blockquote, hr"
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_CONFIG = ParserConfig(css=CSS_PROFILES["strict"])


def meta_charset(data: bytes) -> str | None:
    """The charset that a document names itself (HTML §4.2.5.4), for parts that declare none."""
    found = _META_CHARSET.search(data, 0, 4096)
    return found[1].decode("ascii", "replace") if found else None


def to_text(markup: str) -> str:
    """The visible text. Never raises."""
    markup, depth = source.tame(_MARKS.sub("", markup))
    if depth is None:
        return _tidy(source.without_tags(markup))
    tree = LexborHTMLParser(markup)
    body = tree.body
    if body is None:
        return ""
    _take_out_hidden(body)
    _mark_quotes(body)
    return _tidy(_quoted(_rendered(body, depth)))


def _tidy(text: str) -> str:
    return _EMPTY_LINES.sub("\n\n", text.replace("\xa0", " ")).strip()


def _take_out_hidden(body: LexborNode) -> None:
    for node in body.css(_UNSEEN):
        node.decompose()
    for node in body.css(_STYLED):
        if _HIDDEN.search(node.attributes.get("style") or ""):
            node.decompose()


def _mark_quotes(body: LexborNode) -> None:
    for node in body.css("blockquote"):
        indented = _INDENTED.search(node.attributes.get("style") or "")
        if indented and node.attributes.get("type") != "cite":
            continue
        first, last = node.first_child, node.last_child
        if first is not None and last is not None:
            first.insert_before(_OPEN)
            last.insert_after(_CLOSE)


def _rendered(body: LexborNode, depth: int) -> str:
    markup = body.html or ""
    if len(markup) <= LAID_OUT_SIZE and depth <= LAID_OUT_DEPTH:
        return str(get_text(f"<html>{markup}</html>", _CONFIG))
    for node in body.css(_BLOCK_TAGS):
        node.insert_before("\n")
    return body.text()


def _quoted(text: str) -> str:
    """Lines between the marks of a quote, with ``>`` in front; quotes may nest."""
    if _OPEN not in text:
        return text
    depth, out = 0, []
    for line in text.split("\n"):
        depth += line.count(_OPEN)
        out.append(f"{'>' * min(depth, 20)} {line}" if depth else line)
        depth = max(0, depth - line.count(_CLOSE))
    return _MARKS.sub("", "\n".join(out))
