"""What somebody types into the search box, as terms that must be found.

Anything printed on a letter will do: the number, a name, a phone, an identity number, a plate, a
policy, a claim, an address, words of the text. What has a form of its own is recognised first,
also in the middle of other words.
"""

from collections.abc import Iterator, Sequence

from cases.person import blind
from normalizers.text import phones
from normalizers.text.checks import damm_ok, tckn_ok, vkn_ok
from normalizers.text.words import words_in
from storage.search import Term

LONGEST = 200
"""Characters of a question."""
MOST_WORDS = 12
_NETWORKS = ("x", "facebook", "instagram", "linkedin")


def terms(asked: str, index_key: bytes) -> list[Term]:
    """Terms of a question, all of which must be found; empty when nothing can be looked for."""
    asked = " ".join(asked[:LONGEST].split())
    whole = _recognised(asked, index_key)
    if whole is not None:
        return [whole]
    named, rest = [], []
    for part in asked.split():
        known = _recognised(part, index_key)
        if known is None:
            rest.append(part)
        else:
            named.append(known)
    words = words_in(" ".join(rest))[:MOST_WORDS]
    return [*named, *([Term(words=words)] if words else [])]


def kinds(found: Sequence[Term]) -> list[str]:
    """Of what kind a question was, for the record of views: never what was asked."""
    names = {"numbers": "number", "keys": "person", "words": "words"}
    return sorted({name for one in found for field, name in names.items() if getattr(one, field)})


def _recognised(part: str, index_key: bytes) -> Term | None:
    """A number, a person or a thing that is written in one piece or in the usual groups."""
    digits = "".join(c for c in part if c.isdecimal())
    keys = tuple(blind(kind, value, index_key) for kind, value in _people(part, digits))
    numbers = (digits,) if _is_number(part, digits) else ()
    if keys or numbers:
        return Term(numbers, keys, (digits,) if digits else words_in(part))
    pieces = words_in(part)
    if 1 < len(pieces) <= 4 and digits and len("".join(pieces)) <= 30:
        return Term(words=("".join(pieces),), pieces=pieces)
    return None


def _people(part: str, digits: str) -> Iterator[tuple[str, str]]:
    plain = part.replace(" ", "")
    if "@" in plain[1:] and plain == part:
        yield "email", plain.lower()  # an address, no Turkish text
    elif plain.startswith("@"):
        yield from (("handle", f"{network}:{plain}") for network in _NETWORKS)
    if len(digits) == len(plain) == 11 and tckn_ok(digits):
        yield "tckn", digits
    if len(digits) == len(plain) == 10 and vkn_ok(digits):
        yield "vkn", digits
    if len(digits) >= 10 and (phone := phones.parse(part)):
        yield "phone", phone.e164


def _is_number(part: str, digits: str) -> bool:
    """``26-1994-3644``, with its check digit right."""
    return len(digits) == 10 and all(c.isdecimal() or c in " -" for c in part) and damm_ok(digits)
