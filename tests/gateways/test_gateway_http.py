"""What an HTTP failure means for an SMS, and where a gateway may connect to at all."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import ClassVar

import pytest
from peers.server import free_port
from pydantic import ValidationError

from workers.gateways.contract import NotNow, Stop, Unknown
from workers.gateways.http import (
    MAX_BODY,
    Answer,
    HttpSettings,
    Wire,
    identifier,
    parse_json,
    unusual,
    with_query,
)

NUMBER = b"905550001234"


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that treats one connection as ``serve`` does, then closes it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            connection, _ = server.accept()
            with connection:
                _read_whole(connection)
                serve(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)


def _read_whole(connection: socket.socket) -> None:
    """What is left unread would reset the connection, and the answer with it."""
    data = b""
    while NUMBER not in data:
        data += connection.recv(65536)


def exchange(serve: Callable[[socket.socket], None]) -> Answer | NotNow | Unknown:
    with listening(serve) as url, closing(Wire(url, 1.0)) as wire:
        return wire.exchange("POST", "/x", data={"to": NUMBER.decode()})


def test_a_connection_that_was_never_made_took_nothing() -> None:
    with closing(Wire(f"http://127.0.0.1:{free_port()}", 0.4)) as wire:
        assert isinstance(wire.exchange("POST", "/x"), NotNow)


def test_a_name_that_does_not_resolve_took_nothing() -> None:
    with closing(Wire("http://gateway.invalid", 2)) as wire:
        assert isinstance(wire.exchange("POST", "/x"), NotNow)


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 200", b"\x16\x03\x01", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"],
)
def test_a_connection_cut_after_the_request_may_have_taken_it(said: bytes) -> None:
    assert isinstance(exchange(lambda connection: connection.sendall(said)), Unknown)


def test_an_answer_that_trickles_is_given_up() -> None:
    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            for _ in range(200):
                connection.sendall(b"x")
                time.sleep(0.05)
        except OSError:
            return

    begun = time.monotonic()
    assert isinstance(exchange(trickle), Unknown)
    assert time.monotonic() - begun < 5


def test_an_endless_answer_is_cut() -> None:
    def flood(connection: socket.socket) -> None:
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
            connection.sendall(b"x" * 2 * MAX_BODY)
        except OSError:
            return

    answer = exchange(flood)
    assert isinstance(answer, Answer)
    assert len(answer.body) == MAX_BODY


def test_a_redirect_is_not_followed() -> None:
    answer = exchange(
        lambda connection: connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
        )
    )
    assert isinstance(answer, Answer)
    assert isinstance(unusual(answer, "X"), Unknown)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("0", 0), ("999999999", 86_400), ("9" * 400, None), ("soon", None), ("-1", None)],
)
def test_the_provider_may_say_how_long_to_wait(header: str, seconds: int | None) -> None:
    said = f"HTTP/1.1 429 x\r\nRetry-After: {header}\r\nContent-Length: 0\r\n\r\n".encode()
    answer = exchange(lambda connection: connection.sendall(said))
    assert isinstance(answer, Answer)
    after = None if seconds is None else timedelta(seconds=seconds)
    assert unusual(answer, "X") == NotNow("X is busy (HTTP 429)", after)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(429, NotNow), (503, NotNow), (401, Stop), (403, Stop), (500, Unknown), (502, Unknown),
     (504, Unknown), (404, Unknown), (200, Unknown)],
)  # fmt: skip
def test_a_status_alone_says_this(status: int, outcome: type) -> None:
    assert type(unusual(Answer(status, b""), "X")) is outcome


def test_what_is_no_json_is_none() -> None:
    assert parse_json(b"[" * 200_000) is None
    assert parse_json(b"\xff") is None
    assert parse_json(b'{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("value", "found"),
    [("x1", "x1"), (7, "7"), ("", ""), ("a b", ""), ("ş", ""), ("x" * 65, ""), (None, ""),
     ([1], ""), ("a\n", "")],
)  # fmt: skip
def test_an_id_is_short_and_plain(value: object, found: str) -> None:
    assert identifier(value) == found


def test_a_query_is_added_to_an_address() -> None:
    assert with_query("http://h/a", {"ref": "x y"}) == "http://h/a?ref=x+y"
    assert with_query("http://h/a?s=1", {"ref": "x"}) == "http://h/a?s=1&ref=x"
    assert with_query("", {"ref": "x"}) == ""


class Settings(HttpSettings):
    official: ClassVar[str] = "https://api.example.test"
    base_url: str = official


@pytest.mark.parametrize(
    "url",
    ["https://api.example.test", "https://api.example.test/v9", "http://127.0.0.1:8080",
     "http://[::1]:8080", "http://localhost:1"],
)  # fmt: skip
def test_texts_may_go_to_the_provider_or_to_this_machine(url: str) -> None:
    assert Settings(base_url=url).base_url == url


@pytest.mark.parametrize(
    "url",
    ["http://api.example.test", "https://api.example.test.evil.test", "https://evil.test",
     "https://api.example.test@evil.test", "http://10.0.0.1", "file:///etc/passwd", "",
     "http://127.0.0.1@evil.test", "http://user:pw@127.0.0.1", "ftp://127.0.0.1",
     "http://127.0.0.1.evil.test", "https://api.example.test/?x=1"],
)  # fmt: skip
def test_texts_may_go_nowhere_else(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(base_url=url)
