"""How to apply (ISO 10002 §7.1): channels, steps, time limits, other remedies, no fee."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from portal.services import services
from portal.web.page import render

router = APIRouter(include_in_schema=False)


@router.get("/how-to-apply")
def how(request: Request) -> HTMLResponse:
    """The whole page; what is not set up is not offered."""
    house = services(request)
    has_form = house.intake is not None and house.intake.web is not None
    return render(request, "public/how.html", has_form=has_form)
