"""One message from source to SMS is one trace, exported to a collector."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from peers.server import free_port
from peers.world import mail
from sqlalchemy import select

from basvuru.reception import StoredReception
from config import tracing
from config.sections import Tracing
from ingest.contract import Delivery
from storage import channels
from storage import tables as t
from workers.bell import Bell

TEXT = "{n}. dosyam sonuçlanmadı.\nTel: 0555 001 00 {n:02d}"


class Collector:
    """Takes OTLP over HTTP, as a collector does."""

    def __init__(self) -> None:
        self.spans: list = []
        self.tokens: set[str | None] = set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                import gzip

                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                sent = ExportTraceServiceRequest.FromString(body)
                outer.tokens.add(self.headers.get("Authorization"))
                for resource in sent.resource_spans:
                    for scope in resource.scope_spans:
                        outer.spans += scope.spans
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1/traces"


@pytest.fixture
def collector():
    made = Collector()
    yield made
    tracing.close()
    made.server.shutdown()


class NoBroker:
    def enqueue(self, message: object) -> None:
        """Nobody listens."""


def receive(world, *numbers: int) -> None:
    with world.database.write() as connection:
        channels.register(connection, "mail", "email")
    bell = Bell(NoBroker())  # type: ignore[arg-type]
    reception = StoredReception(world.database, world.lander, bell, "me", lambda: world.moment)
    items = [mail(TEXT.format(n=n), key=f"m{n}", sender=f"k{n}@example.test") for n in numbers]
    reception.land("mail", Delivery(items), None)
    world.drain()
    tracing.flush()


def test_the_trace_of_the_row_is_the_trace_of_the_collector(world, collector):
    tracing.configure(Tracing(endpoint=collector.url, token="geheim"))
    receive(world, 1, 2, 3)
    with world.database.read() as connection:
        traces = set(connection.execute(select(t.raw_item.c.trace)).scalars())
    by_trace: dict[str, dict] = {}
    for span in collector.spans:
        by_trace.setdefault(span.trace_id.hex(), {})[span.name] = span
    assert set(by_trace) == traces
    for steps in by_trace.values():
        assert set(steps) == {"land", "normalise", "record", "send"}
        root = steps["land"]
        assert root.parent_span_id == b""
        others = [span for name, span in steps.items() if name != "land"]
        assert all(span.parent_span_id == root.span_id for span in others)
        assert len({span.span_id for span in steps.values()}) == 4
        starts = [steps[n].start_time_unix_nano for n in ("land", "normalise", "record", "send")]
        assert starts == sorted(starts)
        assert all(s.end_time_unix_nano >= s.start_time_unix_nano for s in steps.values())
    assert collector.tokens == {"Bearer geheim"}


def test_a_span_holds_nothing_that_a_person_wrote(world, collector):
    tracing.configure(Tracing(endpoint=collector.url))
    receive(world, 1)
    told = "".join(str([span.name, span.attributes, span.events]) for span in collector.spans)
    assert "example.test" not in told
    assert "0555" not in told


def test_a_share_of_the_messages_is_traced_whole_or_not_at_all(world, collector):
    tracing.configure(Tracing(endpoint=collector.url, share=0.5))
    receive(world, *range(40))
    steps: dict[str, int] = {}
    for span in collector.spans:
        steps[span.trace_id.hex()] = steps.get(span.trace_id.hex(), 0) + 1
    assert 5 < len(steps) < 35
    assert set(steps.values()) == {4}


def test_a_collector_that_is_away_holds_up_nothing(world):
    tracing.configure(Tracing(endpoint=f"http://127.0.0.1:{free_port()}/v1/traces"))
    try:
        receive(world, 1)
        assert len(world.applications()) == 1
    finally:
        tracing.close()


def test_without_an_endpoint_nothing_is_exported(world):
    tracing.configure(Tracing())
    receive(world, 1)
    assert tracing._provider is None
