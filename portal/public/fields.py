"""The fields of an application: what was typed, and what has to be mended."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from cases.words import TYPES
from normalizers.text import identifiers, phones
from normalizers.text.checks import tckn_ok

LONGEST_TEXT = 20_000
_SHORTEST_TEXT = 10
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Fields:
    """As they were typed, blanks at the ends taken off."""

    type: str = ""
    subject: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)
    policy: str = field(default="", repr=False)
    claim: str = field(default="", repr=False)

    @classmethod
    def of(cls, given: Mapping[str, object]) -> "Fields":
        """From a posted form; what is no text, or unknown, is left out."""
        names = [one.name for one in fields(cls)]
        return cls(**{n: v.strip() for n in names if isinstance(v := given.get(n), str)})


def problems(said: Fields, *, by_hand: bool = False) -> dict[str, str]:
    """Field -> code of what is wrong with it, in the order of the form. ``by_hand``: a colleague
    writes down what he is told, and may not be told everything."""
    found = {
        "type": "" if said.type in TYPES or (by_hand and not said.type) else "missing",
        "subject": _long(said.subject),
        "text": _text(said.text),
        "policy": _long(said.policy),
        "claim": _long(said.claim),
        "name": _long(said.name) or ("" if said.name or by_hand else "missing"),
        "identity": _identity(said, by_hand=by_hand),
        "phone": _phone(said, by_hand=by_hand),
        "email": _email(said.email),
    }
    return {name: code for name, code in found.items() if code}


def _text(text: str) -> str:
    if not text:
        return "missing"
    if len(text) < _SHORTEST_TEXT:
        return "short"
    return "long" if len(text) > LONGEST_TEXT else ""


def _long(text: str) -> str:
    return "long" if len(text) > _LONGEST else ""


def _phone(said: Fields, *, by_hand: bool) -> str:
    if not said.phone:
        return "" if said.email or by_hand else "missing"
    number = phones.parse(said.phone)
    return "wrong" if number is None or phones.is_dummy(number.e164) else ""


def _email(text: str) -> str:
    if not text:
        return ""
    return "" if len(text) <= _LONGEST and len(identifiers.find(text).email) == 1 else "wrong"


def _identity(said: Fields, *, by_hand: bool) -> str:
    """The law wants it of data-protection requests (RG 10.03.2018/30356, 5), and of no other."""
    if said.identity:
        return "" if tckn_ok(said.identity) else "wrong"
    return "missing" if said.type == "data_protection" and not by_hand else ""
