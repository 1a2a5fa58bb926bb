"""What in a text names a person or a thing: the one entrance to the finders of this room.

The finders run from what proves itself to what only its surroundings explain, and each takes its
place in the text, so that the middle of an IBAN is never a telephone number.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from normalizers.schema import Identifier, Identifiers
from normalizers.text import emails, labelled, names, postal, proved, telephones, written
from normalizers.text.scan import Hit, Scan

_LOOKED_AT = 200_000
"""Characters; no letter is longer, and nobody may keep a worker busy with one that is."""

_FINDERS: tuple[tuple[str, Callable[[Scan], Iterator[Hit]]], ...] = (
    ("email", emails.emails),
    ("iban", proved.ibans),
    ("policy", labelled.policies),
    ("claim", labelled.claims),
    ("application_number", proved.application_numbers),
    ("vkn", proved.vkns),
    ("tckn", proved.tckns),
    ("phone", telephones.telephones),
    ("plate", labelled.plates),
    ("date", written.dates),
    ("amount", written.amounts),
    ("address", postal.addresses),
    ("name", names.names),
)
_MOST = 1_000
"""Finds of one kind; a text with more is a table, not a letter."""
_WITHOUT_DIGITS = {"email", "name"}


def find(text: str, *, page: int | None = None, ocr: bool = False) -> Identifiers:
    """Everything in the first 200,000 characters, each kind in order of appearance.

    ``page`` is written into what is found. ``ocr``: the text was read from an image; letters in
    numbers are put right where a check digit or an exact format proves the reading.
    Numbers people type to hide theirs (11111111110, 0555 555 55 55) are left out.
    """
    scan = Scan.of(text[:_LOOKED_AT], page, ocr)
    scan.take_links()
    found = {
        kind: _ordered(islice(finder(scan), _MOST))
        for kind, finder in _FINDERS
        if scan.has_digits or kind in _WITHOUT_DIGITS
    }
    return Identifiers(**found)


def merge(found: Iterable[Identifiers]) -> Identifiers:
    """The finds of several texts (pages, attachments) as one; of a repeat, the surer one stays in
    the place of the first."""
    parts = list(found)
    return Identifiers(
        **{
            kind: _distinct(i for part in parts for i in getattr(part, kind))
            for kind, _ in _FINDERS
        }
    )


def _ordered(hits: Iterable[Hit]) -> tuple[Identifier, ...]:
    return _distinct(hit.identifier for hit in sorted(hits, key=lambda hit: hit.start))


def _distinct(identifiers: Iterable[Identifier]) -> tuple[Identifier, ...]:
    best: dict[str, Identifier] = {}
    for identifier in identifiers:
        known = best.get(identifier.value)
        if known is None or known.certainty < identifier.certainty:
            best[identifier.value] = identifier
    return tuple(best.values())
