"""HTML mail to text: what a reader sees, tables as columns, quoted blocks as ``>`` lines.

selectolax (lexbor) takes out what is not shown and marks the quotes; inscriptis lays the rest out.
It recurses with the nesting, so deep or huge documents are read by selectolax alone.
"""

import re

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_SIZE = 5_000_000
"""Characters of HTML that are read at all."""
LAID_OUT_SIZE = 200_000
"""Characters up to which the layout is worth its time (about 10 ms)."""
LAID_OUT_DEPTH = 150

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKS = re.compile(f"[{_OPEN}{_CLOSE}]")
_UNSEEN = "script, style, head, title, template, noscript, object, svg, [hidden]"
_STYLED = "[style*='display'], [style*='font-size'], [style*='visibility'], [style*='mso-hide']"
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*[01](?:px|pt)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_INDENTED = re.compile(r"border(?:-left)?\s*:\s*(?:none|0)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{2,40})", re.I)
_BLOCK_TAGS = "br, p, div, tr, li, h1, h2, h3, h4, table, ul, ol, blockquote, hr"
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_CONFIG = ParserConfig(css=CSS_PROFILES["strict"])


def meta_charset(data: bytes) -> str | None:
    """The charset that a document names itself (HTML §4.2.5.4), for parts that declare none."""
    found = _META_CHARSET.search(data, 0, 4096)
    return found[1].decode("ascii") if found else None


def to_text(markup: str) -> str:
    """The visible text. Never raises."""
    tree = LexborHTMLParser(_MARKS.sub("", markup[:MAX_SIZE]))
    body = tree.body
    if body is None:
        return ""
    _take_out_hidden(body)
    _mark_quotes(tree)
    return _EMPTY_LINES.sub("\n\n", _quoted(_rendered(tree, body)).replace("\xa0", " ")).strip()


def _take_out_hidden(body: LexborNode) -> None:
    for node in body.css(_UNSEEN):
        node.decompose()
    for node in body.css(_STYLED):
        if _HIDDEN.search(node.attributes.get("style") or ""):
            node.decompose()


def _mark_quotes(tree: LexborHTMLParser) -> None:
    for node in tree.css("blockquote"):
        indented = _INDENTED.search(node.attributes.get("style") or "")
        if indented and node.attributes.get("type") != "cite":
            continue
        first, last = node.first_child, node.last_child
        if first is not None and last is not None:
            first.insert_before(f"{_OPEN}")
            last.insert_after(f"{_CLOSE}")


def _rendered(tree: LexborHTMLParser, body: LexborNode) -> str:
    markup = body.html or ""
    if len(markup) <= LAID_OUT_SIZE and _shallow(body):
        return get_text(f"<html>{markup}</html>", _CONFIG)
    for node in tree.css(_BLOCK_TAGS):
        node.insert_before("\n")
    return body.text()


def _shallow(body: LexborNode) -> bool:
    """Whether nothing is nested deeper than the layout may recurse."""
    selector = " > ".join(["*"] * LAID_OUT_DEPTH)
    return body.css_first(selector) is None


def _quoted(text: str) -> str:
    """Lines between the marks of a quote, with ``>`` in front; quotes may nest."""
    if _OPEN not in text:
        return text
    depth, out = 0, []
    for line in text.split("\n"):
        depth += line.count(_OPEN)
        out.append(f"{'>' * depth} {line}" if depth else line)
        depth = max(0, depth - line.count(_CLOSE))
    return _MARKS.sub("", "\n".join(out))
