"""The number, to be read out before the call ends."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from portal.intake import awaited
from portal.phone.access import Agent, phone_account
from portal.services import services
from portal.web.page import render

router = APIRouter(prefix="/staff/phone/recorded", include_in_schema=False)


@router.get("/{key}")
def recorded(request: Request, _who: Agent, key: str) -> HTMLResponse:
    """The number in groups, and whether the SMS is on its way."""
    account, _ = phone_account(request)
    found = awaited(services(request).database, account, f"desk:{key}")
    if found is None:
        raise HTTPException(404)
    headers = {} if found.number else {"Refresh": "3"}
    return render(request, "phone/recorded.html", found=found, headers=headers)
