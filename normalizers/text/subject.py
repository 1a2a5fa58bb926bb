"""A subject line for a letter that has none."""

import re

from normalizers.text.turkish import fold

LONGEST = 90
"""Characters."""
_LOOKED_AT = 6_000
_LABELLED = re.compile(
    r"\W{0,2}(?:konu|ozet|baslik|subject)(?:su)?[ \t]{0,3}[:;.=][ \t]{0,3}(?=\S)"
)
_CONCERNING = re.compile(r"(?:\bhk\.?|\bhakkinda|\bhususunda)[ .]{0,3}\Z")
_GREETING = re.compile(
    r"(?:(?:sayin|sn\.?|degerli|dear)(?: [\w.]+){0,4}|(?:merhaba|selam)\w*(?: \w+)?"
    r"|(?:iyi|hayirli) (?:gunler|aksamlar|calismalar)(?: \w+)?|gunaydin|hello|hi)[ ,.!:;]*"
)
_HEAD = re.compile(
    r"\A(?:[a-z.]+ ){0,2}[a-z.]+ ?[:=]|\bfax s\b|\ba\. ?s\.|mudurlug\w*\Z|\b(?:birimi|servisi)\Z"
)
"""Letterheads, addressees and labelled lines: they say who and when, not what."""
_SENTENCE_END = re.compile(r"(?<=[^\W\d]{2}[.!?])(?:\s|\Z)")
_LONG_NUMBER = re.compile(r"\w*[0-9](?:[ .\-/]?[0-9]){6,}")
_ENDING = re.compile(r"(?<!\bhk)[ .,;:]+\Z")
_LEAST_LETTERS = 12


def made_from(text: str) -> str:
    """What a reader would write on the file: the line behind "Konu:", a line that ends with
    "hakkında" or "hk.", else the first sentence after head and greeting. At most 90 characters,
    without long numbers, since it is shown in lists; "" where the text says nothing."""
    lines = [line.strip() for line in text[:_LOOKED_AT].splitlines()]
    return _labelled(lines) or _concerning(lines) or _first_sentence(lines)


def _labelled(lines: list[str]) -> str:
    for line in lines:
        if label := _LABELLED.match(fold(line)):
            return _short(line[label.end() :])
    return ""


def _concerning(lines: list[str]) -> str:
    found = (line for line in lines if len(line) <= 120 and _CONCERNING.search(fold(line)))
    return _short(next(found, ""))


def _first_sentence(lines: list[str]) -> str:
    """Lines are joined up to the end of the sentence: on paper it goes over several."""
    body = [line for line in lines if _says_something(line)]
    said = " ".join(body[:6])
    end = _SENTENCE_END.search(said)
    return _short(said[: end.start()] if end else said)


def _says_something(line: str) -> bool:
    folded = fold(line)
    letters = sum(c.isalpha() for c in line)
    if letters < _LEAST_LETTERS or letters * 3 < len(line):
        return False
    return not (_GREETING.fullmatch(folded) or _HEAD.search(folded))


def _short(line: str) -> str:
    """Cut between words; a name of a thing stays, a number that names a person does not."""
    line = _ENDING.sub("", " ".join(_LONG_NUMBER.sub("…", line).split()))
    if len(line) <= LONGEST:
        return line
    return f"{_ENDING.sub('', line[: LONGEST - 1].rsplit(' ', 1)[0])}…"
