"""The portal as a daemon. Apart from the other daemons, which need no web framework."""

import uvicorn

from basvuru.bootstrap import Application
from config import clock
from portal.app import Services, make_app
from storage import daemons


def serve(app: Application) -> None:
    """Serve the portal. Uvicorn handles signals itself: it drains for 3 s, then cuts."""
    services = Services(
        database=app.database, now=clock.now, ring=app.bell.ring, is_signed=app.is_signed
    )
    portal = app.settings.portal
    with app.database.write() as connection:
        now = clock.now()
        daemons.beat(connection, app.holder, "serve", started_at=now, now=now)
    uvicorn.run(
        make_app(services),
        host=portal.host,
        port=portal.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
