"""Who takes calls, and which account what they write down goes to."""

from typing import Annotated

from fastapi import HTTPException, Request

from cases.rights import Right
from ingest.channels.phone import Settings
from portal.public.accounts import intake
from portal.web.guard import require
from portal.web.visitor import Staff

Agent = Annotated[Staff, require(Right.TAKE_CALLS)]


def phone_account(request: Request) -> tuple[str, Settings]:
    """Name and settings of the phone account. Raises HTTPException 404 where there is none."""
    found = intake(request).phone
    if found is None:
        raise HTTPException(404)
    return found
