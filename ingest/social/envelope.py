"""One thing that somebody wrote on a network, as a raw item of kind ``social``.

The body is an envelope around the network's own JSON, which stays as it was received;
:mod:`normalizers.social` reads it. The same thing seen by poll, search, webhook and through two
accounts has the same ``network``, ``kind`` and ``external_id``, whatever its source key is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ingest.contract import RawItem

KIND = "social"
Network = Literal["x", "facebook", "instagram", "linkedin"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen, before it becomes a raw item.

    ``kind``         what it is there: ``post``, ``comment``, ``dm``, ``mention`` ...
    ``external_id``  the network's id of this version (of X: the id after an edit).
    ``first_id``     the id that stays through edits; equal to ``external_id`` where ids stay.
    ``version``      what tells two versions of one id apart; empty for the first. With it the
                     source key is ``kind/first_id@version``.
    ``place``        what stands in the source key instead of ``first_id``, where asking for it
                     again needs more than that.
    ``data``         the network's JSON, as received; ``{}`` for a deletion.
    ``facts``        further facts: ``conversation``, ``own`` (``1``), whatever a reply needs.
    """

    network: Network
    kind: str
    external_id: str
    first_id: str
    data: Mapping[str, Any]
    version: str = ""
    at: datetime | None = None
    facts: Mapping[str, str] | None = None
    deleted: bool = False
    place: str = ""

    @property
    def source_key(self) -> str:
        mark = "#deleted" if self.deleted else f"@{self.version}" if self.version else ""
        return f"{self.kind}/{self.place or self.first_id}{mark}"


def raw_item(seen: Seen, problem: str | None = None) -> RawItem:
    """The raw item. Facts always hold ``network``, ``external_id`` and ``first_id``."""
    facts = {
        "network": seen.network,
        "external_id": seen.external_id,
        "first_id": seen.first_id,
        **(seen.facts or {}),
        **({"deleted": "1"} if seen.deleted else {}),
    }
    return RawItem(seen.source_key, KIND, body(seen), seen.at, facts, problem)


def body(seen: Seen) -> bytes:
    """The envelope in JSON, UTF-8; lone surrogates, which JSON may hold, stay escaped."""
    envelope = {
        "network": seen.network,
        "kind": seen.kind,
        "external_id": seen.external_id,
        "first_id": seen.first_id,
        "version": seen.version,
        "deleted": seen.deleted,
        "data": seen.data,
    }
    text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(envelope, separators=(",", ":")).encode()
