"""What other programs ask to know whether we are there."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, PlainTextResponse

from portal.services import Services, services
from storage.engine import Failed, Unavailable
from storage.schema import is_current

router = APIRouter()


@router.get("/healthz")
def healthz() -> PlainTextResponse:
    """The process runs and answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def readyz(house: Annotated[Services, Depends(services)]) -> JSONResponse:
    """The process can work: its database answers and has the right schema."""
    try:
        ready = is_current(house.database)
    except (*Unavailable, Failed):
        ready = False  # said in the answer; the caller decides what to do about it
    return JSONResponse({"ready": ready}, status_code=200 if ready else 503)
