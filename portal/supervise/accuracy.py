"""How good suggestions are: what was suggested, and what people chose then."""

import json
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from cases.rights import Right
from portal.services import Services, services
from portal.web.guard import require
from portal.web.page import render
from portal.web.visitor import Staff
from storage import assessing

router = APIRouter(prefix="/staff/rules/accuracy")
Keeper = Annotated[Staff, require(Right.MANAGE_TEXTS)]
DAYS = (30, 90, 365)


@router.get("")
def page(request: Request, _who: Keeper, days: Annotated[int, Query()] = 90) -> HTMLResponse:
    """Hit rates of rules and classifier, and what the classifier was trained on."""
    house = services(request)
    days = days if days in DAYS else DAYS[1]
    now = house.now()
    with house.database.read() as connection:
        rates = assessing.hit_rates(connection, now - timedelta(days=days), now)
    return render(
        request, "supervise/accuracy.html", rates=rates, days=days, spans=DAYS, model=_model(house)
    )


def _model(house: Services) -> dict[str, Any] | None:
    """What stands beside the classifier: when it was trained, on how much, and how well it did."""
    if house.classifier is None:
        return None
    try:
        found: dict[str, Any] = json.loads(house.classifier.with_suffix(".json").read_bytes())
    except (OSError, ValueError):
        return None  # nobody trained one; a damaged one is said by the workers' log
    return found
