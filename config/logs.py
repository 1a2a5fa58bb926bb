"""Logging: one line an event, JSON in production, readable on a terminal, never personal data.

What may be logged is decided where the event is written: ids, counts, codes and class names. The
processor here is the second fence: strings that look like a phone, an identity number, an IBAN or
a mail address are masked, wherever they came from.
"""

import logging
import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from config.sections import Logs

_PERSONAL = re.compile(
    r"(?<![\w])(?:TR\d{2}[ ]?(?:\d{4}[ ]?){5}\d{2}"  # IBAN
    r"|\+?90[ ]?5\d{2}[ ]?\d{3}[ ]?\d{2}[ ]?\d{2}|0?5\d{9}"  # mobile
    r"|[1-9]\d{10}"  # identity number
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})(?![\w])"
)
_KEPT = frozenset({"timestamp", "level", "event", "trace", "channel", "logger"})


def configure(settings: Logs) -> None:
    """Set up structlog, and route the standard library's loggers through it."""
    as_json = settings.format == "json" or (settings.format == "auto" and not sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    shared += [structlog.processors.ExceptionRenderer(where_it_failed), mask_personal]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.level.upper())
    for noisy in ("dramatiq", "httpx2", "httpcore2", "imapclient", "smpplib", "alembic", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def where_it_failed(exc_info: ExcInfo) -> list[str]:
    """Classes and places, innermost last. Never the texts of exceptions or the values of
    variables: both may hold what people wrote."""
    out: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None and len(out) < 60:
        frames = traceback.extract_tb(error.__traceback__)[-12:]
        out += [f"{type(error).__name__}", *(f"{f.filename}:{f.lineno} {f.name}" for f in frames)]
        error = error.__cause__ or error.__context__
    return out


def mask_personal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask what looks personal in every value that is not one of our own codes."""
    for key, value in event.items():
        if key not in _KEPT:
            event[key] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _PERSONAL.sub("***", value)
    if isinstance(value, list | tuple):
        return [_masked(one) for one in value]
    if isinstance(value, dict):
        return {key: _masked(one) for key, one in value.items()}
    return value
