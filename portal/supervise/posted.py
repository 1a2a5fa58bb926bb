"""What a form sent, as text: for forms whose fields follow from rows."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Request

from portal.web.forms import Fields

LONGEST = 20_000
"""Characters of one field; what is longer is cut, and the check of the text says so."""


async def _posted(request: Request) -> Fields:
    form = await request.form()
    return Fields({name: str(value)[:LONGEST].strip() for name, value in form.items()})


Posted = Annotated[Fields, Depends(_posted)]
"""Field -> text, without blanks around it; a field that was not sent is empty."""


def day_of(text: str) -> date | None:
    """``2026-03-10`` as browsers send it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None  # the page says which field has no day


def count_of(text: str) -> int | None:
    """A whole number; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None
