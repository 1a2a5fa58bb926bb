"""The privacy notice (KVKK 6698, article 10). Its version is kept with every application."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from portal.web.page import render

router = APIRouter(include_in_schema=False)

NOTICE_VERSION = "2026-1"
"""Changed whenever the text is (``portal/texts/*/notice.toml``)."""


@router.get("/privacy-notice")
def notice(request: Request) -> HTMLResponse:
    """The whole text."""
    return render(request, "public/notice.html", version=NOTICE_VERSION)
