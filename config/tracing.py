"""Traces (OpenTelemetry, extra ``tracing``): the trace that rows carry is what is exported.

Steps of one message are done by different processes, hours apart and many at a time. So no context
travels: a step reports, when it is over, one span for each message that it saw to. The trace id is
that of the row (32 hexadecimal digits, drawn when the item landed), the landing is the root span,
and its id follows from the trace id, so that every later step knows its parent. Spans hold counts
and states, no personal data. Where nothing is configured, nothing is imported.
"""

import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from config.errors import ConfigurationError

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider

    from config.sections import Tracing

ROOT = "land"
_provider: "TracerProvider | None" = None
_share = 1.0
_next = threading.local()


def configure(given: "Tracing") -> None:
    """Export from now on, in this process. Raises ConfigurationError."""
    global _provider, _share
    if not given.endpoint or _provider is not None:
        return
    try:
        _provider, _share = _open(given), given.share
    except ImportError:
        raise ConfigurationError(
            "[tracing] endpoint needs OpenTelemetry.",
            remedy="Install Başvuru with the extra tracing.",
        ) from None


def moment() -> int:
    """When a step begins: nanoseconds of the wall clock, as OpenTelemetry counts."""
    return time.time_ns()


def ended(step: str, traces: Iterable[str], began: int, **attributes: str | int) -> None:
    """A step is over for these messages. Never raises for a collector that is away."""
    if _provider is None:
        return
    tracer, end = _provider.get_tracer("basvuru"), time.time_ns()
    for trace in traces:
        _next.trace = number = int(trace, 16)
        if not _is_chosen(number):
            continue
        span = tracer.start_span(
            step,
            context=_empty() if step == ROOT else _under(number),
            start_time=began,
            attributes=attributes,
        )
        span.end(end)


def flush() -> None:
    """Hand over what waits; at the end of a process this happens by itself."""
    if _provider is not None:
        _provider.force_flush()


def close() -> None:
    """Export nothing more."""
    global _provider  # noqa: PLW0603
    if _provider is not None:
        _provider.shutdown()
        _provider = None


def _open(given: "Tracing") -> "TracerProvider":
    # none of this is imported where nothing is traced
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator  # noqa: PLC0415

    class RowIds(RandomIdGenerator):
        """The ids of a root span follow from the row."""

        def generate_trace_id(self) -> int:
            _next.is_root = True
            return int(_next.trace)

        def generate_span_id(self) -> int:
            if getattr(_next, "is_root", False):
                _next.is_root = False
                return _root_id(_next.trace)
            return super().generate_span_id()

    names = Resource.create({"service.name": "basvuru"})
    provider = TracerProvider(resource=names, id_generator=RowIds(), shutdown_on_exit=True)
    token = given.token.get_secret_value()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    exporter = OTLPSpanExporter(endpoint=given.endpoint, headers=headers, timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _empty() -> "Context":
    from opentelemetry.context import Context  # noqa: PLC0415

    return Context()


def _under(trace: int) -> "Context":
    """The context of the landing, which some process reported at some time."""
    from opentelemetry.trace import (  # noqa: PLC0415
        NonRecordingSpan,
        SpanContext,
        TraceFlags,
        set_span_in_context,
    )

    flags = TraceFlags(TraceFlags.SAMPLED)
    landing = SpanContext(trace, _root_id(trace), is_remote=True, trace_flags=flags)
    return set_span_in_context(NonRecordingSpan(landing), _empty())


def _is_chosen(trace: int) -> bool:
    """By the trace alone, so that all processes choose the same messages; by its first half, since
    in the second one a UUID's variant is no chance."""
    return trace >> 64 < _share * 2**64


def _root_id(trace: int) -> int:
    """Not zero, which would be no id."""
    return (trace >> 64) or 1
