"""A small SMSC on this machine: SMPP 3.4, its own packing, and able to misbehave."""

import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

GENERIC_NACK, SUBMIT_SM, DELIVER_SM = 0x80000000, 0x04, 0x05
UNBIND, BIND_TRANSCEIVER, ENQUIRE_LINK = 0x06, 0x09, 0x15
RESPONSE = 0x80000000
INVALID_PASSWORD = 0x0E


class Misbehaves(StrEnum):
    """What it does with a text instead of answering."""

    CUTS = "cuts"
    SILENT = "silent"
    GARBLES = "garbles"


@dataclass(frozen=True)
class Submitted:
    """One ``submit_sm`` as it came."""

    source_ton: int
    source: str
    dest_ton: int
    dest: str
    esm_class: int
    registered_delivery: int
    data_coding: int
    short_message: bytes


class Smsc:
    """``script``: for each next text a command_status, or a misbehaviour. A context manager."""

    def __init__(self, system_id: str = "basvuru", password: str = "s3cret-x") -> None:
        self.login = (system_id, password)
        self.bind_status = 0
        self.status = 0
        self.submitted: list[Submitted] = []
        self.commands: list[int] = []
        self.mute = False
        """Whether it answers nothing but binds, while the line stands."""
        self.last_sequence = 0
        self.delivered: dict[int, int] = {}
        """Answers to our ``deliver_sm``: sequence number, command_status."""
        self.script: deque[int | Misbehaves] = deque()
        self.message_ids: Iterator[str] = (f"{number:x}" for number in count(0x1A))
        self._sequence = count(1)
        self._connections: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    def __enter__(self) -> "Smsc":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def binds(self) -> int:
        return self.commands.count(BIND_TRANSCEIVER)

    def stop(self) -> None:
        self._close(self._server)
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def cut(self) -> None:
        """Every session, as a fallen line would."""
        for connection in self._connections:
            self._close(connection)

    def send(self, command: int, body: bytes = b"", status: int = 0) -> int:
        """To the newest session; returns the sequence number."""
        sequence = next(self._sequence)
        self._connections[-1].sendall(pdu(command, status, sequence, body))
        return sequence

    def send_raw(self, data: bytes) -> None:
        self._connections[-1].sendall(data)

    def deliver(self, text: str, *, esm_class: int = 0x04, options: bytes = b"") -> int:
        """A receipt, or with ``esm_class=0`` an SMS from somebody."""
        message = text.encode("latin-1")
        head = b"\0" + address(1, "905550001234") + address(5, "ORNEK")
        body = head + bytes((esm_class, 0, 0, 0, 0, 0, 0, 0, 0, len(message))) + message
        return self.send(DELIVER_SM, body + options)

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self._connections.append(connection)
            thread = threading.Thread(target=self._session, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _session(self, connection: socket.socket) -> None:
        try:
            while True:
                head = _exactly(connection, 16)
                length, command, status, sequence = struct.unpack(">LLLL", head)
                body = _exactly(connection, length - 16)
                self.commands.append(command)
                self.last_sequence = sequence
                if command == DELIVER_SM | RESPONSE:
                    self.delivered[sequence] = status
                heard = command == BIND_TRANSCEIVER or not self.mute
                if heard and not command & RESPONSE:
                    self._answer(connection, command, sequence, body)
        except OSError:
            self._close(connection)

    def _answer(self, connection: socket.socket, command: int, sequence: int, body: bytes) -> None:
        status, answer = 0, b""
        if command == BIND_TRANSCEIVER:
            status, answer = self._bind(body), b"SMSC\0"
        elif command == SUBMIT_SM:
            said = self._submit(body)
            if said is Misbehaves.SILENT:
                return
            if said is Misbehaves.CUTS:
                raise ConnectionError
            if said is Misbehaves.GARBLES:
                connection.sendall(b"\xff\xff\xff\xff" * 4)
                return
            status = int(said)
            answer = b"" if status else next(self.message_ids).encode() + b"\0"
        connection.sendall(pdu(command | RESPONSE, status, sequence, b"" if status else answer))

    def _bind(self, body: bytes) -> int:
        system_id, password = body.split(b"\0")[:2]
        known = (system_id.decode(), password.decode()) == self.login
        return self.bind_status if known else INVALID_PASSWORD

    def _submit(self, body: bytes) -> int | Misbehaves:
        said = self.script.popleft() if self.script else self.status
        if said in (0, Misbehaves.SILENT):
            self.submitted.append(_read(body))
        return said

    def _close(self, it: socket.socket) -> None:
        with suppress(OSError):  # the other side was first
            it.shutdown(socket.SHUT_RDWR)
        it.close()


def pdu(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    return struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body


def address(ton: int, number: str) -> bytes:
    return bytes((ton, 1)) + number.encode() + b"\0"


def option(tag: int, value: bytes) -> bytes:
    """An optional parameter."""
    return struct.pack(">HH", tag, len(value)) + value


def receipt(message_id: str, stat: str = "DELIVRD", err: str = "000") -> str:
    return (
        f"id:{message_id} sub:001 dlvrd:001 submit date:2603101230 done date:2603101231 "
        f"stat:{stat} err:{err} text:Basvurunuz"
    )


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = connection.recv(size - len(data))
        if not chunk:
            raise ConnectionError
        data += chunk
    return data


def _read(body: bytes) -> Submitted:
    _service, rest = body.split(b"\0", 1)
    source_ton, rest = rest[0], rest[2:]
    source, rest = rest.split(b"\0", 1)
    dest_ton, rest = rest[0], rest[2:]
    dest, rest = rest.split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    _schedule, _validity, rest = rest.split(b"\0", 2)
    registered, _replace, coding, _default, length = rest[:5]
    return Submitted(
        source_ton, source.decode(), dest_ton, dest.decode(),
        esm_class, registered, coding, rest[5 : 5 + length],
    )  # fmt: skip
