"""The web: what people and other programs reach over HTTP.

Nothing here writes an application: what comes in lands raw, and the stages see to it. Each room
below has a router; this module only puts them together.
"""

from fastapi import FastAPI

from portal import metrics, probes, sms_hooks
from portal.channel_hooks import channel_hooks
from portal.operations import overview as operations
from portal.operations import quarantine_desk, queue_pages
from portal.operations.pictures import Pictures
from portal.phone import DOOR
from portal.phone import PAGES as PHONE
from portal.public import PAGES, PROGRAMS
from portal.services import Services
from portal.staff import (
    account,
    applications,
    department_pages,
    invitation,
    my_day,
    overview,
    pairs,
    people,
    reading_desk,
    records,
    sign_in,
)
from portal.staff.case import acts as case_acts
from portal.staff.case import files as case_files
from portal.staff.case import page as case_page
from portal.supervise import PAGES as SUPERVISE
from portal.web import assets
from portal.web.errors import Failures, add_error_pages
from portal.web.shell import Shell

__all__ = ["Services", "make_app"]

LARGEST_FORM = 1_000_000
"""Bytes of a request, unless its router says that it takes more."""

OPEN = (probes, sms_hooks, assets, *PAGES, sign_in, invitation)
STAFF = (
    *PHONE,
    overview,
    applications,
    my_day,
    reading_desk,
    pairs,
    account,
    people,
    department_pages,
    reading_desk,
    records,
    *SUPERVISE,
)
CASE = (case_page, case_acts, case_files)
OPERATIONS = (operations, quarantine_desk, queue_pages, metrics)


def make_app(services: Services) -> FastAPI:
    """The portal over these services."""
    app = FastAPI(
        title="Başvuru",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        max_body_size=LARGEST_FORM,
    )
    app.state.services = services
    app.state.pictures = Pictures(services)
    for room in (*OPEN, *STAFF, *CASE, *OPERATIONS):
        app.include_router(room.router)
    for door in (*PROGRAMS, DOOR):
        app.include_router(door)
    app.include_router(channel_hooks(services.receive))
    add_error_pages(app)
    app.add_middleware(Failures)
    app.add_middleware(Shell, https=services.is_https)
    return app
