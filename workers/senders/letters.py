"""Letters: made as PDF and put on the print list. A person prints and posts them.

A row is ``accepted`` when its PDF lies in the store and on the list, and ``delivered`` when
somebody posted it (:mod:`cases.answers.printing`).
"""

import json
from collections.abc import Collection, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pypdfium2
import typst
from structlog import get_logger
from structlog.contextvars import bound_contextvars

from cases.answers.letter import Letterhead, parts_of
from config.settings import Settings
from storage import contact, outbox
from storage.claims import Claim
from storage.outbox import OutboxRow
from workers.stages.batch import QUIET
from workers.toolbox import Toolbox

log = get_logger()


class MakeLetters:
    queue = "letter"

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def run(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        with self.tools.database.write() as connection:
            held, rows = outbox.claim(
                connection,
                "letter",
                ids=ids,
                limit=10,
                now=self.tools.now(),
                hold=self.tools.hold,
            )
        for row in rows:
            self._make(held, row)
        return {}

    def overdue(self, limit: int) -> Collection[int]:
        with self.tools.database.write() as connection:
            return outbox.overdue(
                connection, "pending", "letter", now=self.tools.now(), quiet=QUIET, limit=limit
            )

    def _make(self, held: Claim, row: OutboxRow) -> None:
        now = self.tools.now()
        with bound_contextvars(trace=row.trace, outbox_id=row.id):
            try:
                pdf = render(row, self.tools.settings)
            except (typst.TypstError, KeyError) as error:
                # The row stays an open duty with its reason; the letters behind it do not wait.
                log.error("letter.not_made", error=type(error).__name__)
                with self.tools.database.write() as connection:
                    detail = "the letter could not be set"
                    outbox.settle(connection, held, row.id, "failed", settled_at=now, detail=detail)
                return
            [key] = self.tools.blobs.put([pdf])
            with self.tools.database.write() as connection:
                contact.put_letter(connection, row.id, row.application_id, key, pages(pdf), now)
                outbox.settle(
                    connection, held, row.id, "accepted", accepted_at=now, gateway="print"
                )
            log.info("letter.made")


def letterhead(settings: Settings) -> Letterhead:
    company = settings.company
    return Letterhead(
        company.name, company.phone, settings.mail.from_address, company.address, company.legal_line
    )


def render(row: OutboxRow, settings: Settings) -> bytes:
    """The letter of a row as tagged PDF (PDF/UA-1). Raises: typst.TypstError, KeyError."""
    parts = parts_of(row.text, row.envelope, row.language, letterhead(settings))
    return set_page(parts, settings.company.logo)


def set_page(parts: Mapping[str, Any], logo: Path | None = None) -> bytes:
    """Set the page from its parts. A logo that cannot be read leaves the name in its place."""
    page = resources.files("config").joinpath("letter.typ").read_bytes()
    if logo is not None and logo.is_file():
        try:
            return _compile(page, {**parts, "logo": logo.name}, logo.parent)
        except typst.TypstError:
            log.warning("letter.logo_unreadable")  # the letter matters more than its ornament
    return _compile(page, parts, None)


def _compile(page: bytes, parts: Mapping[str, Any], root: Path | None) -> bytes:
    inputs = {"letter": json.dumps(parts, ensure_ascii=False)}
    options: dict[str, Any] = {} if root is None else {"root": str(root)}
    pdf = typst.compile(
        page, sys_inputs=inputs, pdf_standards="ua-1", ignore_system_fonts=True, **options
    )
    assert isinstance(pdf, bytes)
    return pdf


def pages(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()
