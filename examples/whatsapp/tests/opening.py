"""A channel outside of the suite."""

from datetime import UTC, datetime

import structlog
from basvuru.plugin import Context

from basvuru_whatsapp.channel import WhatsApp
from basvuru_whatsapp.settings import Settings
from world import WhatsAppWorld

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def opened(world: WhatsAppWorld, now: datetime = NOW) -> WhatsApp:
    context = Context("under-test", structlog.get_logger(), lambda: now)
    return WhatsApp(Settings.model_validate(world.table()), context)
