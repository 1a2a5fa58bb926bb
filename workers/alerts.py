"""Tells operations by mail or webhook, for those who have no Prometheus: once, not every minute.

What is over before ``after_seconds`` is never told. A message that could not be delivered is tried
again in the next round: an alert is marked told only afterwards.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from smtplib import SMTPException

import httpx2
from structlog import get_logger

from cases import health_words
from cases.health import Around, Finding, Objectives, findings
from config.clock import local
from config.settings import Settings
from ingest.registry import in_turkish
from storage import alerts
from storage.alerts import Alert
from storage.operations import look
from workers.senders.email import deliver
from workers.toolbox import Toolbox

log = get_logger()

WEBHOOK_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Change:
    """What operations are told: what began, and what is over."""

    begun: Sequence[Alert]
    over: Sequence[Alert]


def change(
    found: Sequence[Finding], known: Sequence[Alert], now: datetime, after: timedelta
) -> tuple[Change, list[Alert]]:
    """What to tell now, and what is new. Decided from the findings and what is known already."""
    lasting = {one.key: one for one in found}
    new = [
        Alert(key, one.level, health_words.what(one, say=in_turkish()), now, None)
        for key, one in lasting.items()
        if key not in {alert.key for alert in known}
    ]
    due = [a for a in [*known, *new] if a.key in lasting and a.told_at is None]
    begun = [alert for alert in due if now - alert.since >= after]
    over = [alert for alert in known if alert.key not in lasting]
    return Change(begun, over), new


def watch(tools: Toolbox, around: Callable[[], Around]) -> None:
    """Look at everything, and tell what began and what is over."""
    given, now = tools.settings.operations, tools.now()
    with tools.database.read() as connection:
        picture, known = look(connection, now), alerts.known(connection)
    objectives = Objectives(given.number_seconds, given.sms_seconds)
    found = findings(picture, around(), objectives)
    told, new = change(found, known, now, timedelta(seconds=given.after_seconds))
    with tools.database.write() as connection:
        alerts.begin(connection, new)
    said = Change(told.begun, [alert for alert in told.over if alert.told_at is not None])
    if (said.begun or said.over) and not _tell(tools, said, now):
        return
    with tools.database.write() as connection:
        alerts.told(connection, [alert.key for alert in told.begun], now)
        alerts.end(connection, [alert.key for alert in told.over])


def _tell(tools: Toolbox, said: Change, now: datetime) -> bool:
    """Whether anybody was told. With mail and webhook one of them is enough: else the one that
    works would tell the same again for as long as the other is away."""
    settings, ways = tools.settings, list[Callable[[], object]]()
    if settings.operations.mail_to:
        mail = _mail(settings, said, now)
        ways.append(lambda: deliver(mail, settings.mail, tools.outgoing))
    if address := settings.operations.webhook.get_secret_value():
        ways.append(lambda: _post(address, said))
    told = [_tried(way) for way in ways]
    log.info("alerts.told", ways=sum(told), begun=len(said.begun), over=len(said.over))
    return any(told) or not ways


def _tried(way: Callable[[], object]) -> bool:
    try:
        way()
    except (SMTPException, OSError, httpx2.HTTPError) as error:
        # When nobody was told, the next round tries again.
        log.warning("alerts.not_told", error=type(error).__name__)
        return False
    return True


def _post(address: str, said: Change) -> None:
    httpx2.post(address, json=_json(said), timeout=WEBHOOK_SECONDS).raise_for_status()


def _mail(settings: Settings, said: Change, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.mail.from_address
    mail["To"] = ", ".join(settings.operations.mail_to)
    first = (said.begun or said.over)[0]
    mail["Subject"] = f"Başvuru: {'SORUN' if said.begun else 'düzeldi'}: {first.what}"
    mail["Date"] = format_datetime(local(now))
    keys = "|".join(alert.key for alert in (*said.begun, *said.over))
    mark = sha256(f"{keys}|{now.isoformat()}".encode()).hexdigest()[:24]
    mail["Message-ID"] = f"<alert-{mark}@{settings.mail.from_address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    lines = [f"● {a.what}  ({local(a.since):%d.%m.%Y %H:%M})" for a in said.begun]
    lines += [f"✓ düzeldi: {a.what}" for a in said.over]
    mail.set_content("\n".join([*lines, "", _page(settings)]))
    return mail


def _page(settings: Settings) -> str:
    portal = settings.portal
    base = portal.base_url.rstrip("/") or f"http://{portal.host}:{portal.port}"
    return f"{base}/staff/operations"


def _json(said: Change) -> dict[str, object]:
    return {
        "begun": [_alert(one) for one in said.begun],
        "over": [_alert(one) for one in said.over],
    }


def _alert(alert: Alert) -> dict[str, str]:
    return {
        "key": alert.key,
        "level": alert.level,
        "what": alert.what,
        "since": alert.since.isoformat(),
    }
