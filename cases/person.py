"""Who a message is from, as keys that can be compared without being read.

A person key is a 63-bit blind index (HMAC-SHA256 under a key kept outside the database) over one
normalised identifier. It finds everything of one person, serves as the number of a lock, and tells
nobody who that person is.
"""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from normalizers.schema import Identifier, Message
from normalizers.text.phones import parse
from normalizers.text.turkish import fold

MOST = 20
"""Keys that one message may have: a mail with a list of a thousand addresses is from one person."""

NAME = "name"
"""Kind of a key that supports another one, and never stands alone: many share a name."""

SURE = 0.8
"""Certainty from which on an identifier in the text counts as the sender's."""


@dataclass(frozen=True, slots=True)
class OurSelves:
    """Addresses, domains and phones of the company: they name no applicant."""

    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    @classmethod
    def of(cls, addresses: tuple[str, ...], phone: str) -> "OurSelves":
        emails = {fold(a) for a in addresses if "@" in a and not a.startswith("@")}
        domains = {fold(a[1:]) for a in addresses if a.startswith("@")}
        phones = {p.e164 for a in (*addresses, phone) if "@" not in a and (p := parse(a))}
        return cls(frozenset(emails), frozenset(domains), frozenset(phones))

    def owns_email(self, address: str) -> bool:
        address = address.lower()
        return address in self.emails or address.rpartition("@")[2] in self.domains


@dataclass(frozen=True, slots=True)
class Keys:
    """Blind index -> kind of identifier (``phone``, ``email``, ``tckn``, ``vkn``, ``handle``,
    ``policy``: policy number together with a name).

    ``own``: those that say who sent it. Where the source names the sender, only what it says;
    what stands in the text may be anybody's. Where it names nobody (a letter, a fax), the text has
    to do.
    """

    kinds: Mapping[int, str] = field(default_factory=dict)
    own: frozenset[int] = frozenset()


def keys(message: Message, us: OurSelves, secret: bytes) -> Keys:
    """Everybody whom a message names, and who of them sent it. At most ``MOST`` keys. What we
    wrote ourselves names no applicant."""
    if message.social is not None and message.social.own:
        return Keys()
    sender = {blind(*named, secret): named[0] for named in _sender(message, us)}
    mentioned = islice(_mentioned(message, us), MOST)
    in_text = {blind(kind, value, secret): kind for kind, value in mentioned}
    # A fax machine is not a person: many send from one.
    own = sender or in_text if message.pages is None else in_text or sender
    kinds = in_text | sender
    name = _name(message)
    if name:
        kinds |= {blind(NAME, fold(name), secret): NAME}
    return Keys(kinds, frozenset(own))


def blind(kind: str, value: str, secret: bytes) -> int:
    digest = hmac.digest(secret, f"{kind}:{value}".encode(), "sha256")
    return int.from_bytes(digest[:8], "big") >> 1


def _sender(message: Message, us: OurSelves) -> Iterator[tuple[str, str]]:
    sender, social = message.sender, message.social
    if sender.handle:
        yield "handle", sender.handle
    if social is not None and social.author_id:
        yield "handle", f"{social.network}:{social.author_id}"  # stays when the name changes
    if sender.phone and sender.phone not in us.phones:
        yield "phone", sender.phone
    if sender.email and not us.owns_email(sender.email):
        yield "email", sender.email.lower()


def _mentioned(message: Message, us: OurSelves) -> Iterator[tuple[str, str]]:
    found = message.identifiers
    yield from (("tckn", value) for value in _sure(found.tckn))
    yield from (("vkn", value) for value in _sure(found.vkn))
    yield from (("phone", value) for value in _sure(found.phone) if value not in us.phones)
    for email in _sure(found.email):
        if not us.owns_email(email):
            yield "email", email.lower()
    name = _name(message)
    if name:
        yield from (("policy", f"{policy.value}/{fold(name)}") for policy in found.policy)


def _name(message: Message) -> str:
    return message.sender.name or next((i.value for i in message.identifiers.name), "")


def _sure(found: tuple[Identifier, ...]) -> Iterator[str]:
    return (identifier.value for identifier in found if identifier.certainty >= SURE)
