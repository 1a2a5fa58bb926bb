"""What is fuzzed: one function for each reader, which may raise nothing on any bytes.

Imported under the fuzzer's instrumentation, so that it sees which branches an input reaches. An
error that a reader promises to raise is suppressed by name; any other is a finding.
"""

import contextlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import structlog

from cases.sms import segments
from cases.sms.alphabets import Encoding
from cases.sms.userdata import user_data
from ingest.channels.fax import transferlog
from ingest.contract import RawItem
from ingest.spool import endings, sidecars, tiff
from normalizers import clean, plain
from normalizers.email import READER as MAIL
from normalizers.email import html as markup
from normalizers.email import tnef as winmail
from normalizers.ocr.null import Null
from normalizers.pages import FAX_MAIL, POST
from normalizers.reader import Options
from normalizers.schema import Message
from normalizers.social import READER as SOCIAL
from normalizers.text import identifiers as finders
from normalizers.text import language, person, repair
from workers.gateways.contract import Callback, GatewayContext
from workers.gateways.netgsm import GATEWAY as NETGSM
from workers.gateways.receipt_text import parse_receipt
from workers.gateways.verimor import GATEWAY as VERIMOR
from workers.reading import frames

OPTIONS = Options(ocr=Null(), max_pages=3)
ISTANBUL = ZoneInfo("Europe/Istanbul")


def mail(data: bytes) -> None:
    _kept(MAIL.read(RawItem("mail:1", "email", data), OPTIONS).message)
    FAX_MAIL.read(RawItem("fax-mail:1", "fax-mail", data), OPTIONS)


def html(data: bytes) -> None:
    markup.meta_charset(data)
    markup.to_text(_decoded(data))


def tnef(data: bytes) -> None:
    winmail.unpack(data)


def pages(data: bytes) -> None:
    POST.read(RawItem("post:1", "post", data), OPTIONS)


def text(data: bytes) -> None:
    _kept(plain.READER.read(RawItem("text:1", "text", data), OPTIONS).message)


def identifiers(data: bytes) -> None:
    """Also: what was found stands in the text, and no certainty is more than certain."""
    decoded = _decoded(data)
    for ocr in (False, True):
        for _, each in finders.find(decoded, ocr=ocr):
            assert all(0 < one.certainty <= 1 and one.raw and one.value for one in each)
    person.applicant_phone(finders.find(decoded), None, decoded)
    language.language(decoded)


def social(data: bytes) -> None:
    _kept(SOCIAL.read(RawItem("social:1", "social", data), OPTIONS).message)


def sidecar(data: bytes) -> None:
    """What stands beside a fax or a scan: its small file, the receive log, the end of the image."""
    for name in ("a.json", "a.xml"):
        with contextlib.suppress(sidecars.BadSidecar):  # the document goes on without it
            for value in sidecars.parse(data, name).values():
                sidecars.moment(value)
    for line in _decoded(data).splitlines()[:20]:
        transferlog.parse_line(line, ISTANBUL)
    for suffix in (".tif", ".pdf", ".jpg", ".png"):
        endings.missing_end(data, suffix)
    tiff.page_count(data)


def sms(data: bytes) -> None:
    """The segmenter loses nothing; what providers post back is read or refused."""
    written = _decoded(data)[:2_000]
    for encoding in Encoding:
        if segments.measure(written, encoding):
            assert "".join(segments.split(written, encoding)) == written
    best = segments.best(written)
    with contextlib.suppress(ValueError):  # more than 255 parts
        user_data(written, best.encoding, 1)
    parse_receipt(written)
    for gateway in GATEWAYS:
        with contextlib.suppress(ValueError):  # refused, as the contract says
            gateway.receipts(Callback("POST", {}, data))


def schema(data: bytes) -> None:
    """What a child that was taken over may answer to its parent."""
    with contextlib.suppress(EOFError, ValueError):  # the parent sets the item aside
        frames.read_reading(BytesIO(data))


def _decoded(data: bytes) -> str:
    return repair.decode(data)[0]


def _kept(message: Message) -> None:
    """A database takes it."""
    clean.storable(message).model_dump_json()


def _context() -> GatewayContext:
    log = structlog.get_logger()
    return GatewayContext(log, lambda: datetime(2026, 3, 5, tzinfo=UTC))


GATEWAYS = [
    declared.open(
        declared.settings.model_validate({"username": "8500000000", "password": "x"}), _context()
    )
    for declared in (NETGSM, VERIMOR)
]
"""Opening one sends nothing."""

TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "mail": mail,
    "html": html,
    "tnef": tnef,
    "pages": pages,
    "text": text,
    "identifiers": identifiers,
    "social": social,
    "sidecar": sidecar,
    "sms": sms,
    "schema": schema,
}
