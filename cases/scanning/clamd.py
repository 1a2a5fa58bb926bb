"""Asking a clamd about bytes: the INSTREAM command of its protocol (clamd(8), COMMANDS).

The bytes are sent over the socket, so that clamd needs no access to our files. A clamd that does
not answer is left alone for a while: whoever opens a file must not wait for a time-out each time.
"""

import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from config.errors import BasvuruError, ConfigurationError

CHUNK = 65_536
REST = 60.0
"""Seconds for which a clamd that was away is not asked again."""
_LONGEST_ANSWER = 4_096


class ScannerAway(BasvuruError):
    """Nobody can be asked now. The file is shown as not looked at, and asked about later."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``clean``; ``found``, with the ``name`` of what was found; or ``too_big`` for this clamd."""

    state: Literal["clean", "found", "too_big"]
    name: str = ""


class Clamd:
    def __init__(self, url: str, *, seconds: float, largest: int) -> None:
        """``url``: ``unix:///PATH`` or ``tcp://HOST:PORT``; ``largest``: bytes that it takes
        (StreamMaxLength). Raises ConfigurationError."""
        parts = urlsplit(url)
        unix = parts.scheme == "unix" and parts.path
        if not (unix or (parts.scheme == "tcp" and parts.hostname and parts.port)):
            raise ConfigurationError(
                "[scanning] clamd cannot be used.",
                remedy="It looks like unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310.",
            )
        self._path = parts.path if unix else ""
        self._at = (parts.hostname or "", parts.port or 0)
        self._seconds, self._largest = seconds, largest
        self._rests_until = 0.0

    def version(self) -> str:
        """What runs there, and how old its signatures are. Raises ScannerAway."""
        return self._ask(b"zVERSION\0", None)

    def scan(self, data: bytes) -> Answer:
        """Raises ScannerAway."""
        if len(data) > self._largest:
            return Answer("too_big")
        if time.monotonic() < self._rests_until:
            raise ScannerAway("clamd was away a moment ago.")
        try:
            return _answer(self._ask(b"zINSTREAM\0", data))
        except ScannerAway:
            self._rests_until = time.monotonic() + REST
            raise

    def _ask(self, command: bytes, data: bytes | None) -> str:
        try:
            with self._connected() as link:
                link.sendall(command)
                if data is not None:
                    with suppress(BrokenPipeError, ConnectionResetError):
                        _send(link, data)  # it stops listening to what is too big, and says why
                return _received(link)
        except OSError as error:  # a time-out is one too
            raise ScannerAway(f"clamd does not answer ({type(error).__name__}).") from None

    def _connected(self) -> socket.socket:
        if not self._path:
            return socket.create_connection(self._at, self._seconds)
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(self._seconds)
        try:
            link.connect(self._path)
        except OSError:
            link.close()
            raise
        return link


def _send(link: socket.socket, data: bytes) -> None:
    for at in range(0, len(data), CHUNK):
        some = data[at : at + CHUNK]
        link.sendall(struct.pack("!I", len(some)) + some)
    link.sendall(struct.pack("!I", 0))


def _received(link: socket.socket) -> str:
    said = b""
    while len(said) < _LONGEST_ANSWER and (some := link.recv(_LONGEST_ANSWER)):
        said += some
        if said.endswith(b"\0"):
            break
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _answer(said: str) -> Answer:
    """``stream: OK``, ``stream: NAME FOUND``, ``INSTREAM size limit exceeded. ERROR``."""
    result = said.removeprefix("stream: ")
    if result == "OK":
        return Answer("clean")
    if result.endswith(" FOUND"):
        return Answer("found", result.removesuffix(" FOUND")[:200])
    if "size limit exceeded" in result:
        return Answer("too_big")
    raise ScannerAway("clamd answered something else.")
