"""What a database takes: no U+0000, no lone surrogate. Readers should not let them through; this is
the fence behind them, since one such character would stop a batch."""

import re
from typing import Any

from normalizers.schema import Message

_REFUSED = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable_text(text: str) -> str:
    """The text with every refused character replaced."""
    return _REFUSED.sub(REPLACEMENT, text)


def storable(message: Message) -> Message:
    """The message itself where a database takes it as it is, else a cleaned copy."""
    if not _dirty(message):
        return message
    return Message.model_validate(_clean(message.model_dump()))


def _dirty(message: Message) -> bool:
    try:
        return "\\u0000" in message.model_dump_json(exclude_defaults=True)
    except ValueError:  # pydantic cannot encode a lone surrogate
        return True


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value
