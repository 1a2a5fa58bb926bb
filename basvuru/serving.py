"""The portal as a daemon. Apart from the other daemons, which need no web framework."""

import threading
from contextlib import suppress
from typing import TypeVar

import uvicorn
from structlog import get_logger

from basvuru.bootstrap import Application
from basvuru.daemons import BEAT_SECONDS
from basvuru.hooks import ChannelHooks
from config import clock
from config.errors import BasvuruError
from ingest.channels import phone, web
from ingest.contract import ChannelSettings
from ingest.registry import declaration, validated
from portal.app import Services, make_app
from portal.intake import Intake
from portal.staff.oidc import Provider
from portal.web.limits import Limiter
from storage import daemons
from storage.engine import Unavailable
from workers.doorbell import redis_pool

log = get_logger()
S = TypeVar("S", bound=ChannelSettings)


def serve(app: Application) -> None:
    """Serve the portal. Uvicorn handles signals itself: it drains for 3 s, then cuts."""
    services = Services(
        database=app.database,
        now=clock.now,
        ring=app.bell.ring,
        receive=ChannelHooks(app.places.channels, app.database, app.reception.land_once),
        is_signed=app.is_signed,
        half_days=app.settings.deadlines.half_day_counts,
        company=app.settings.company,
        portal=app.settings.portal,
        key=app.places.key("portal_key"),
        provider=Provider(app.settings.oidc) if app.settings.oidc.issuer else None,
        letters=app.letters,
        around=app.around,
        raw=app.blobs.get,
        queue_of=app.queue_of,
        land=app.reception.land_once,
        operations=app.settings.operations,
        base_url=app.base_url,
        office=app.office,
        reports=app.settings.reports,
        deadlines=app.settings.deadlines,
        classifier=app.places.classifier,
        limiter=Limiter(redis_pool(app.broker), app.places.key("portal_key")),
        intake=_intake(app),
        clamd=app.clamd,
    )
    portal = app.settings.portal
    threading.Thread(target=_beat, args=(app,), daemon=True).start()
    threading.Thread(target=_make_ready, args=(app,), daemon=True).start()
    uvicorn.run(
        make_app(services),
        host=portal.host,
        port=portal.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
        forwarded_allow_ips=list(portal.proxies),
    )


def _intake(app: Application) -> Intake:
    """Hands over what people bring, to the first account of each kind."""
    return Intake(
        take=app.front_desk,
        house=lambda: app.house,
        secret=app.places.key("portal_key"),
        web=_account(app, "web", web.Settings),
        phone=_account(app, "phone", phone.Settings),
    )


def _account(app: Application, kind: str, of: type[S]) -> tuple[str, S] | None:
    """Name and settings of the first account of a kind that is enabled."""
    for name, table in app.places.channels.items():
        if table.get("kind") == kind:
            settings = validated(name, table, declaration(kind))
            assert isinstance(settings, of)
            if settings.enabled:
                return name, settings
    return None


def _make_ready(app: Application) -> None:
    """Put together what numbers an application, so that the first visitor does not wait for it."""
    try:
        _ = app.stages
    except (BasvuruError, *Unavailable) as error:
        # The first visitor tries again; until it works, workers number what comes in.
        log.warning("portal.cannot_number", error=type(error).__name__)


def _beat(app: Application) -> None:
    """Say every few seconds that the portal is alive, until the process ends."""
    started_at, never = clock.now(), threading.Event()
    while True:
        with suppress(*Unavailable), app.database.write() as connection:
            # A missed beat is shown to operators as silence, which is what it is.
            daemons.beat(connection, app.holder, "serve", started_at=started_at, now=clock.now())
        never.wait(BEAT_SECONDS)
