"""What is fuzzed: one function for each reader, which may raise nothing on any bytes.

Imported under the fuzzer's instrumentation, so that it sees which branches an input reaches.
"""

import contextlib
from collections.abc import Callable, Mapping
from io import BytesIO

from ingest.contract import RawItem
from normalizers import plain
from normalizers.email import READER as MAIL
from normalizers.ocr.null import Null
from normalizers.pages import FAX_MAIL, POST
from normalizers.reader import Options
from normalizers.text import identifiers, repair
from workers.reading import frames

OPTIONS = Options(ocr=Null(), max_pages=3)


def mail(data: bytes) -> None:
    MAIL.read(RawItem("mail:1", "email", data), OPTIONS)
    FAX_MAIL.read(RawItem("fax-mail:1", "fax-mail", data), OPTIONS)


def pages(data: bytes) -> None:
    POST.read(RawItem("post:1", "post", data), OPTIONS)


def text(data: bytes) -> None:
    plain.READER.read(RawItem("text:1", "text", data), OPTIONS)
    decoded, _ = repair.decode(data)
    identifiers.find(decoded, ocr=True)


def schema(data: bytes) -> None:
    """What a child that was taken over may answer to its parent."""
    with contextlib.suppress(EOFError, ValueError):  # the parent sets the item aside
        frames.read_reading(BytesIO(data))


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "mail": mail,
    "pages": pages,
    "text": text,
    "schema": schema,
}
