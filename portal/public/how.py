"""How to apply (ISO 10002 §7.1): channels, steps, time limits, other remedies, no fee."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from portal.services import services
from portal.web.page import render, texts
from storage import deadlines

router = APIRouter(include_in_schema=False)
_IN_WORDS = ("insurer-15", "e-basvuru-15", "traffic-15", "kvkk-30")
"""Rules that ship (config/deadlines.toml) and mean something to applicants."""


@router.get("/how-to-apply")
def how(request: Request) -> HTMLResponse:
    """The whole page; what is not set up is not offered."""
    house = services(request)
    has_form = house.intake is not None and house.intake.web is not None
    return render(request, "public/how.html", has_form=has_form, limits=_limits(request))


def _limits(request: Request) -> list[str]:
    """The legal time limits that are in force, in words; a rule without words is for lawyers."""
    say = texts(request)
    with services(request).database.read() as connection:
        rules = [one for one in deadlines.rules(connection) if one["clock"] == "legal"]
    return [
        say(
            f"how.limit.{one['name']}",
            length=one["length"],
            unit=say(f"how.unit.{one['unit']}"),
        )
        for one in rules
        if one["name"] in _IN_WORDS
    ]
