"""Who a message is from, as keys that can be compared without being read.

A person key is a 63-bit blind index (HMAC-SHA256 under a key kept outside the database) over one
normalised identifier. It finds everything of one person, serves as the number of a lock, and tells
nobody who that person is.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from normalizers.schema import Identifier, Message
from normalizers.text.phones import parse
from normalizers.text.turkish import fold

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


def keys(message: Message, us: OurSelves, secret: bytes) -> dict[int, str]:
    """Blind index -> kind of identifier (``phone``, ``email``, ``tckn``, ``vkn``, ``handle``,
    ``policy``: policy number together with a name)."""
    return {blind(kind, value, secret): kind for kind, value in _values(message, us)}


def blind(kind: str, value: str, secret: bytes) -> int:
    digest = hmac.digest(secret, f"{kind}:{value}".encode(), "sha256")
    return int.from_bytes(digest[:8], "big") >> 1


def _values(message: Message, us: OurSelves) -> Iterator[tuple[str, str]]:
    sender, found = message.sender, message.identifiers
    if sender.handle:
        yield "handle", sender.handle
    for phone in (sender.phone, *_sure(found.phone)):
        if phone and phone not in us.phones:
            yield "phone", phone
    for email in (sender.email, *_sure(found.email)):
        if email and not us.owns_email(email):
            yield "email", email.lower()
    yield from (("tckn", value) for value in _sure(found.tckn))
    yield from (("vkn", value) for value in _sure(found.vkn))
    name = sender.name or next((i.value for i in found.name), "")
    if name:
        yield from (("policy", f"{policy.value}/{fold(name)}") for policy in found.policy)


def _sure(found: tuple[Identifier, ...]) -> Iterator[str]:
    return (identifier.value for identifier in found if identifier.certainty >= SURE)
