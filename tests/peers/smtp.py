"""A private SMTP server that keeps what it gets, and refuses whom it is told to."""

from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from peers.server import free_port


class _Box:
    def __init__(self) -> None:
        self.taken: list[tuple[str, Sequence[str], EmailMessage]] = []
        self.refuses: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802  the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if answer := self.refuses.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append((envelope.mail_from or "", tuple(envelope.rcpt_tos), mail))
        return "250 OK"


class MailServer:
    """``settings`` is what goes into ``[mail]``. A context manager."""

    def __init__(self) -> None:
        self.port = free_port()
        self.box = _Box()
        self._controller = Controller(self.box, hostname="127.0.0.1", port=self.port)

    @property
    def settings(self) -> dict[str, object]:
        return {"host": "127.0.0.1", "port": self.port, "security": "none"}

    @property
    def taken(self) -> list[tuple[str, Sequence[str], EmailMessage]]:
        """(return path, recipients, mail) of what was taken, in order."""
        return self.box.taken

    def refuse(self, address: str, answer: str) -> None:
        """From now on this address is answered like this: ``550 5.1.1 No such user``."""
        self.box.refuses[address] = answer

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()
