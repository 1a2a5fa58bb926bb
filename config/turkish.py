"""What the house says to operators, in Turkish: reasons, remedies, details.

Code, logs and the command line say it in English, and so it is kept. Pages and alerts that speak
Turkish look the sentence up here (``turkish.toml``). What has no entry is shown as it is.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources

Say = Callable[[str], str]
"""A sentence of ours -> the sentence that is shown."""

LONGEST = 500
"""Characters of a sentence that is looked up: matching is bounded, whatever stands in a row."""

_BLANK = "{}"
_DEPTH = 4
"""What stands in a blank may be a sentence of ours too, and so on, this deep."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """English -> Turkish. ``{}`` in both stands for what differs; ``{1}``, ``{0}`` in Turkish where
    the order changes."""

    said: Mapping[str, str]
    _patterns: list[tuple[re.Pattern[str], str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # what fixes most of a sentence is asked first: "{}: {}." fits nearly everything
        with_blanks = sorted((one for one in self.said if _BLANK in one), key=_looseness)
        patterns = [(_pattern(one), self.said[one]) for one in with_blanks]
        object.__setattr__(self, "_patterns", patterns)

    def __call__(self, sentence: str) -> str:
        """The sentence in Turkish; itself where it is not known."""
        return self._said(sentence, _DEPTH) if 0 < len(sentence) <= LONGEST else sentence

    def _said(self, sentence: str, depth: int) -> str:
        if sentence in self.said:
            return self.said[sentence]
        for pattern, turkish in self._patterns if depth else ():
            if found := pattern.fullmatch(sentence):
                blanks = (self._said(one, depth - 1) for one in found.groups())
                return _filled(turkish, blanks) or sentence
        return sentence


def ours() -> dict[str, str]:
    """What the house itself says."""
    text = (resources.files("config") / "turkish.toml").read_text(encoding="utf-8")
    return {k: v for area in tomllib.loads(text).values() for k, v in area.items()}


def _filled(turkish: str, blanks: Iterable[str]) -> str:
    try:
        return turkish.format(*blanks)
    except (LookupError, ValueError, AttributeError):
        return ""  # a plugin's author miscounted the blanks: what happened is shown in English


def _looseness(sentence: str) -> int:
    return -len(sentence.replace(_BLANK, ""))


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(map(re.escape, sentence.split(_BLANK))), re.DOTALL)
