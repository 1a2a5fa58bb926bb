"""The front door."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from portal.web.page import render

router = APIRouter()


@router.get("/")
def home(request: Request) -> HTMLResponse:
    """What this place is, and where to go."""
    return render(request, "public/home.html")
