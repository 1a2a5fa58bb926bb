"""One SMPP 3.4 session, bound as transceiver and kept alive by a thread of its own.

The thread reads everything that comes: answers to our requests go to whoever waits for them,
receipts to the queue, ``enquire_link`` is answered, and asked when it has been quiet. A session
ends once and for all at the first error; its owner opens the next one.

SMPP itself is not encrypted: reach an SMSC outside this host's network through a VPN or a TLS
tunnel.
"""

import logging
import selectors
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from smpplib import client, consts, exceptions, smpp

MAX_PDU = 1 << 16
"""Octets of a PDU; SMPP's own fields cannot fill more."""
_TICK_SECONDS = 0.2
"""How often the reading thread looks up from the socket."""
_LOG = "basvuru.smpp"


@dataclass(frozen=True, slots=True)
class Bind:
    """Whom we are to the SMSC, and how patient."""

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    system_type: str
    timeout_seconds: float
    enquire_seconds: float


class BindRefused(Exception):
    """The SMSC does not let us in. ``status``: its command_status, 0 when it gave none."""

    def __init__(self, status: int) -> None:
        super().__init__(f"bind refused (0x{status:02X})")
        self.status = status


class NoAnswer(Exception):
    """The session ended, or the SMSC did not answer in time. ``written``: whether some of the
    request had left us before."""

    def __init__(self, *, written: bool) -> None:
        super().__init__("no answer")
        self.written = written


class _Client(client.Client):  # type: ignore[misc]  # smpplib has no types
    """smpplib's client, with a bound on what a peer can make it read."""

    def _recv_exact(self, exact_size: int) -> bytes:
        if not 0 <= exact_size <= MAX_PDU:
            raise exceptions.ConnectionError("a PDU of impossible length")
        data: bytes = super()._recv_exact(exact_size)
        return data


Asked = tuple[int, "Future[Any]"]
"""Sequence number of a request that was sent, and its answer to come."""


class Link:
    """``on_deliver`` gets each ``deliver_sm`` and returns the command_status to answer with."""

    def __init__(self, bind: Bind, on_deliver: Callable[[Any], int]) -> None:
        """Connects and binds. Raises: BindRefused, and OSError when there is no connection."""
        self._bind = bind
        self._on_deliver = on_deliver
        self._writing = threading.Lock()
        self._waiting: dict[int, Future[Any]] = {}
        self._stopped = threading.Event()
        self._client = _connect(bind)
        self._last_heard = self._last_asked = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="smpp-link", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return not self._stopped.is_set()

    def request(self, command: str, **fields: Any) -> Any:
        """Send one PDU and wait for its answer. Raises: NoAnswer."""
        return self.answer(self.ask(command, **fields))

    def ask(self, command: str, **fields: Any) -> Asked:
        """Send one PDU; its answer is waited for later, so that several may be under way (the
        window of SMPP 3.4, 2.9). Raises: NoAnswer."""
        answer: Future[Any] = Future()
        return self._send(command, fields, answer), answer

    def answer(self, asked: Asked) -> Any:
        """The answer to what was asked. Raises: NoAnswer."""
        sequence, answer = asked
        try:
            return answer.result(self._bind.timeout_seconds)
        except TimeoutError:
            raise NoAnswer(written=True) from None
        finally:
            self._waiting.pop(sequence, None)

    def close(self) -> None:
        """Unbind politely, then let go. May be called twice."""
        with suppress(NoAnswer):  # the session is over either way, which is all we want
            self.request("unbind")
        self._stopped.set()
        self._thread.join(self._bind.timeout_seconds)

    def _send(self, command: str, fields: dict[str, Any], answer: Future[Any]) -> int:
        with self._writing:
            if not self.alive:
                raise NoAnswer(written=False)
            pdu = smpp.make_pdu(command, client=self._client, **fields)
            sequence: int = pdu.sequence
            self._waiting[sequence] = answer
            try:
                self._client.send_pdu(pdu)
            except (exceptions.ConnectionError, exceptions.PDUError):
                self._waiting.pop(sequence, None)
                self._stopped.set()
                raise NoAnswer(written=True) from None  # some of it may have left
        return sequence

    def _run(self) -> None:
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._client._socket, selectors.EVENT_READ)
                while self.alive:
                    if selector.select(_TICK_SECONDS):
                        self._read()
                    else:
                        self._keep_alive()
        except Exception as error:  # noqa: BLE001  whatever a peer's bytes broke, the session is over
            logging.getLogger(_LOG).warning("smpp session ended (%s)", type(error).__name__)
        finally:
            self._end()

    def _read(self) -> None:
        try:
            pdu = self._client.read_pdu()
        except exceptions.UnknownCommandError:
            return  # read whole and not for us; what follows is unharmed
        self._last_heard = time.monotonic()
        if pdu.is_response():
            self._answered(pdu)
        elif pdu.command == "deliver_sm":
            self._answer(pdu, "deliver_sm_resp", self._on_deliver(pdu))
        elif pdu.command == "enquire_link":
            self._answer(pdu, "enquire_link_resp")
        elif pdu.command == "unbind":
            self._answer(pdu, "unbind_resp")
            self._stopped.set()

    def _answered(self, pdu: Any) -> None:
        if pdu.command == "unbind_resp":
            self._stopped.set()
        waiting = self._waiting.pop(pdu.sequence, None)
        if waiting is not None:
            waiting.set_result(pdu)

    def _answer(self, pdu: Any, command: str, status: int = consts.SMPP_ESME_ROK) -> None:
        response = smpp.make_pdu(command, client=self._client, status=status)
        response.sequence = pdu.sequence
        with self._writing:
            self._client.send_pdu(response)

    def _keep_alive(self) -> None:
        now, patience = time.monotonic(), self._bind.enquire_seconds
        if self._last_asked > self._last_heard:
            if now - self._last_asked > patience:
                raise exceptions.ConnectionError("the SMSC has fallen silent")
        elif now - self._last_heard > patience:
            self._last_asked = now
            with self._writing:
                self._client.send_pdu(smpp.make_pdu("enquire_link", client=self._client))

    def _end(self) -> None:
        """Nobody waits for ever: whoever still does is told that the session ended."""
        self._stopped.set()
        with self._writing:
            self._client.disconnect()
            waiting = list(self._waiting.values())
            self._waiting.clear()
        for answer in waiting:
            answer.set_exception(NoAnswer(written=True))


def _connect(bind: Bind) -> _Client:
    """Connect and bind. Raises: BindRefused, and OSError when there is no connection."""
    # smpplib writes whole PDUs, number and text among them, at DEBUG.
    logging.getLogger(f"{_LOG}.wire").setLevel(logging.ERROR)
    session = _Client(
        bind.host,
        bind.port,
        timeout=bind.timeout_seconds,
        allow_unknown_opt_params=True,
        logger_name=f"{_LOG}.wire",
    )
    try:
        session.connect()
        session.bind_transceiver(
            system_id=bind.system_id,
            password=bind.password,
            system_type=bind.system_type,
        )
    except exceptions.ConnectionError:
        session.disconnect()
        raise ConnectionError("the SMSC cannot be reached") from None
    except (exceptions.PDUError, exceptions.UnknownCommandError) as error:
        session.disconnect()
        raise BindRefused(int(error.args[1]) if len(error.args) > 1 else 0) from None
    return session
