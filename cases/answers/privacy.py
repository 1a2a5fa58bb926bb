"""What must not be said where others read along: pure.

A public reply never confirms that somebody is a customer of ours, and names nothing of theirs. An
SMS may reach somebody else by now (Personal Data Protection Board, decision 2020/966), so it says
nothing personal either.
"""

from collections.abc import Iterator

from normalizers.text.identifiers import find
from normalizers.text.turkish import fold

_CUSTOMER = (
    "musterimiz", "musterilerimiz", "sigortalimiz", "policeniz", "policenizin", "sozlesmeniz",
    "hasar dosyaniz", "hasariniz", "teminatiniz", "priminiz", "tazminatiniz", "hesabiniz",
    "our customer", "customer of ours", "your policy", "your claim", "your contract",
    "your premium", "your account", "insured with us",
)  # fmt: skip
"""Words that say that somebody is, or is not, insured with us (folded)."""

_PERSONAL = ("tckn", "vkn", "policy", "claim", "plate", "email", "iban")
_LEAST = 3
"""Letters below which a part of a name is not looked for: too many words hold them."""


def personal(text: str, *, name: str | None, our_phone: str) -> list[str]:
    """What is personal in a text, as kinds (``tckn``, ``phone``, ``name``, ...), never values."""
    found = find(text)
    kinds = [kind for kind in _PERSONAL if getattr(found, kind)]
    ours = _digits(our_phone)[-7:]
    if any(_digits(one.value)[-7:] != ours for one in found.phone):
        kinds.append("phone")
    if name and _names(text, name):
        kinds.append("name")
    return kinds


def confirms_customer(text: str) -> list[str]:
    """Words of the text that tell others whether somebody is a customer."""
    key = fold(text)
    return [phrase for phrase in _CUSTOMER if phrase in key]


def _names(text: str, name: str) -> bool:
    said = set(_words(text))
    return any(part in said for part in _words(name) if len(part) >= _LEAST)


def _words(text: str) -> Iterator[str]:
    return (word.strip(".,;:!?()'’\"") for word in fold(text).split())


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())
