"""What parent and child say to each other: a JSON head, then bytes. Never pickle, since a child
that read something hostile is not to be trusted."""

import json
import struct
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from ingest.contract import RawItem
from normalizers.schema import Message, Part, Reading

_LENGTHS = struct.Struct(">II")
LARGEST = 1 << 30
"""Bytes of one frame; more is a defect or an attack."""


def write(stream: IO[bytes], head: dict[str, Any], bodies: Sequence[bytes]) -> None:
    """``head`` gets the lengths of the bodies, so that they can be cut apart again."""
    encoded = json.dumps(head | {"bodies": [len(body) for body in bodies]}).encode()
    total = sum(map(len, bodies))
    stream.write(_LENGTHS.pack(len(encoded), total))
    stream.write(encoded)
    for body in bodies:
        stream.write(body)
    stream.flush()


def read(stream: IO[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """One frame. Raises: EOFError when the other side is gone, ValueError for nonsense."""
    lengths = _exactly(stream, _LENGTHS.size)
    head_size, total = _LENGTHS.unpack(lengths)
    if head_size + total > LARGEST:
        raise ValueError("a frame that is too large")
    head = _head(_exactly(stream, head_size))
    sizes = head.pop("bodies", None)
    if not _are_sizes(sizes) or sum(sizes) != total:
        raise ValueError("a frame whose lengths make no sense")
    return head, [_exactly(stream, size) for size in sizes]


def _head(encoded: bytes) -> dict[str, Any]:
    try:
        head = json.loads(encoded)
    except RecursionError:
        raise ValueError("a frame nested without end") from None
    if not isinstance(head, dict):
        raise ValueError("a frame without a head")
    return head


def _are_sizes(sizes: Any) -> bool:
    """A negative one would wait for the end of the stream, that is for ever."""
    return isinstance(sizes, list) and all(type(size) is int and size >= 0 for size in sizes)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def write_item(stream: IO[bytes], item: RawItem) -> None:
    head = {
        "source_key": item.source_key,
        "kind": item.kind,
        "received_at": item.received_at and item.received_at.isoformat(),
        "facts": dict(item.facts),
    }
    write(stream, head, [item.body])


def read_item(stream: IO[bytes]) -> RawItem:
    head, [body] = read(stream)
    received = head.pop("received_at")
    moment = datetime.fromisoformat(received) if received else None
    return RawItem(body=body, received_at=moment, **head)


def write_reading(stream: IO[bytes], reading: Reading) -> None:
    head = {"message": reading.message.model_dump(mode="json")}
    write(stream, head, [part.data for part in reading.parts])


def read_reading(stream: IO[bytes]) -> Reading:
    """Raises: EOFError, ValueError (what the child sent is no reading)."""
    head, bodies = read(stream)
    message = Message.model_validate(head.get("message"))
    parts = (Part(file, body) for file, body in zip(message.attachments, bodies, strict=True))
    return Reading(message, tuple(parts))
