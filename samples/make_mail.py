"""Write ``mail/*.eml`` from ``mail.toml``: made-up letters, the same bytes on every run.

``python samples/make_mail.py [FOLDER]``. What a letter is about stands in ``mail.toml``; how mail
programs really send such letters (old charsets, HTML only, undeclared 8-bit text) is done here.
"""

import sys
import tomllib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

HERE = Path(__file__).parent
MAILBOX = "Örnek Sigorta <basvuru@ornek.example.test>"
FIRST = datetime(2026, 3, 2, 6, 15, tzinfo=UTC)
STEP = timedelta(hours=5, minutes=7)


def picture() -> bytes:
    """A small PNG, not compressed: its bytes do not depend on the zlib that is installed."""
    image = Image.linear_gradient("L").resize((64, 48)).convert("RGB")
    out = BytesIO()
    image.save(out, "PNG", compress_level=0)
    return out.getvalue()


def document(line: str) -> bytes:
    """A PDF of one page with one line of ASCII (ISO 32000-1, 7.5: header, body, table, trailer)."""
    stream = f"BT /F1 14 Tf 60 780 Td ({line}) Tj ET".encode("ascii")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


def attach(message: EmailMessage, name: str, about: str) -> None:
    """Add one attachment; the ending of its name says what it is."""
    match Path(name).suffix:
        case ".png":
            message.add_attachment(picture(), maintype="image", subtype="png", filename=name)
        case ".pdf":
            content = document(about)
            message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        case _:
            message.add_attachment(f"{about}\n", filename=name)


def compose(letter: dict[str, Any], number: int) -> EmailMessage:
    """One letter of mail.toml as a message; its number gives date and Message-ID."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=76))
    message["From"] = letter["from"]
    message["To"] = letter.get("to", MAILBOX)
    message["Subject"] = letter["subject"]
    message["Date"] = format_datetime(FIRST + number * STEP)
    message["Message-ID"] = f"<{letter['file']}@posta.example.test>"
    for name, value in letter.get("headers", {}).items():
        message[name] = value
    charset = letter.get("charset", "utf-8")
    if "text" in letter:
        message.set_content(letter["text"], charset=charset, cte=letter.get("cte"))
    if "html" in letter:
        put_html = message.add_alternative if "text" in letter else message.set_content
        put_html(letter["html"], subtype="html", charset=charset)
    for name in letter.get("attach", ()):
        attach(message, name, f"{letter['file']}: {name}")
    return message


def fix_boundaries(part: Message, prefix: str) -> None:
    """Boundaries are random by default."""
    if not part.is_multipart():
        return
    part.set_boundary(f"=_{prefix}")
    for index, child in enumerate(part.iter_parts() if isinstance(part, MIMEPart) else ()):
        fix_boundaries(child, f"{prefix}.{index}")


def undeclare(raw: bytes) -> bytes:
    """As some web forms send it: 8-bit text that nothing says the charset of."""
    return raw.replace(b'Content-Type: text/plain; charset="utf-8"\r\n', b"").replace(
        b"MIME-Version: 1.0\r\n", b""
    )


def write(folder: Path) -> int:
    """Write all letters into ``folder`` and return how many."""
    letters = tomllib.loads((HERE / "mail.toml").read_text(encoding="utf-8"))["letter"]
    folder.mkdir(parents=True, exist_ok=True)
    for number, letter in enumerate(letters):
        message = compose(letter, number)
        fix_boundaries(message, letter["file"])
        raw = message.as_bytes()
        if letter.get("undeclared"):
            raw = undeclare(raw)
        (folder / f"{letter['file']}.eml").write_bytes(raw)
    return len(letters)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "mail")
