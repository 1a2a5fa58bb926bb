"""format=flowed (RFC 3676): lines that were broken for transport, joined again."""

import re

_MARKS = re.compile(r">*")


def unflow(text: str, *, delete_space: bool) -> str:
    """``delete_space`` is DelSp=yes: the blank that marks a break is not part of the text."""
    out: list[str] = []
    open_depth = -1  # quote depth of the paragraph that still flows; -1: none does
    for line in text.split("\n"):
        depth, content = _parse(line)
        signature = content == "-- "
        if depth == open_depth and not signature:
            out[-1] += content
        else:
            out.append(_quoted(depth, content))
        flows = content.endswith(" ") and not signature
        open_depth = depth if flows else -1
        if flows and delete_space and _is_extra(content):
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def _is_extra(content: str) -> bool:
    """Whether the last blank only marks the break. Programs that say DelSp without meaning it
    leave one blank between two words, and none of those may grow together."""
    words = content[:-1]
    return words.endswith(" ") or " " not in words or words[-1] > "\u2e80"


def _parse(line: str) -> tuple[int, str]:
    marks = _MARKS.match(line)
    depth = marks.end() if marks else 0
    content = line[depth:]
    return depth, content[1:] if content.startswith(" ") else content


def _quoted(depth: int, content: str) -> str:
    return f"{'>' * depth} {content}" if depth else content
