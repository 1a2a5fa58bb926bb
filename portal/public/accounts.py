"""Which account takes what comes over these pages, and who is asking."""

from fastapi import HTTPException, Request

from ingest.channels.web import Settings
from portal.intake import Intake
from portal.services import services


def intake(request: Request) -> Intake:
    """How things are handed over. Raises HTTPException 404 in a portal that takes nothing."""
    found = services(request).intake
    if found is None:
        raise HTTPException(404)
    return found


def web_account(request: Request) -> tuple[str, Settings]:
    """Name and settings of the web account. Raises HTTPException 404 where there is none."""
    found = intake(request).web
    if found is None:
        raise HTTPException(404)
    return found


def client(request: Request) -> str:
    """The network that asks, to count its tries: an IPv6 customer has a whole /64."""
    host = request.client.host if request.client else ""
    return ":".join(host.split(":")[:4]) if host.count(":") > 3 else host
