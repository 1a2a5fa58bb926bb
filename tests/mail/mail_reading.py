"""Helpers of the mail tests: read bytes, put small mails together."""

from datetime import UTC, datetime
from pathlib import Path

from ingest.contract import RawItem
from normalizers.email import read
from normalizers.ocr.engine import OcrEngine
from normalizers.reader import Options
from normalizers.schema import MailFacts, Message, Reading

SAMPLES = Path(__file__).parent / "samples"
ARRIVED = datetime(2026, 3, 5, 7, 15, tzinfo=UTC)


class NoOcr:
    """Mail must never ask for it: any use is an AttributeError."""


def options() -> Options:
    engine: OcrEngine = NoOcr()  # type: ignore[assignment]
    return Options(ocr=engine)


def reading(data: bytes) -> Reading:
    return read(RawItem("mailbox:1", "email", data, received_at=ARRIVED), options())


def message(data: bytes) -> Message:
    return reading(data).message


def facts(data: bytes) -> MailFacts:
    mail = message(data).mail
    assert mail is not None
    return mail


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def mail(body: str | bytes, *headers: str, subject: str = "Hasar dosyam") -> bytes:
    """A plain mail; ``headers`` are added, and make the content type where one of them does."""
    lines = [
        "From: Ali Veli <ali.veli@example.test>",
        "To: basvuru@example.test",
        "Date: Thu, 05 Mar 2026 10:15:00 +0300",
        f"Subject: {subject}",
        *headers,
    ]
    if not any(line.lower().startswith("content-type") for line in headers):
        lines.append("Content-Type: text/plain; charset=utf-8")
    data = body.encode() if isinstance(body, str) else body
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data.replace(b"\n", b"\r\n")


def multipart(*parts: str | bytes, kind: str = "mixed", boundary: str = "sinir") -> bytes:
    """A mail of parts; each part has its headers, a blank line and its body."""
    mark = f"--{boundary}".encode()
    encoded = [p.encode() if isinstance(p, str) else p for p in parts]
    body = b"".join(mark + b"\n" + part + b"\n" for part in encoded) + mark + b"--\n"
    return mail(body, f'Content-Type: multipart/{kind}; boundary="{boundary}"')


def reply(text: str, subject: str = "Re: Hasar") -> str:
    """The reply text of a plain mail."""
    return facts(mail(text, subject=subject)).reply_text
