"""What ``basvuru channel check`` says of an e-mail account. Reads no mail."""

import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from ingest.channels.email.session import Place, Session
from ingest.channels.email.settings import LOOPBACK, EmailSettings
from ingest.channels.email.wire import DATES
from ingest.contract import Finding
from ingest.errors import ChannelError, Misconfigured

_DEFAULT_REMEDY = "Try again in a few minutes; then ask whoever runs the mail server."


def findings(
    settings: EmailSettings, session: Session, now: Callable[[], datetime]
) -> Sequence[Finding]:
    """Each step needs the one before, so the first that fails is the last."""
    found: list[Finding] = []
    try:
        found.extend(_steps(settings, session, now))
    except ChannelError as error:
        found.append(failed("connection", error))
    return found


def failed(subject: str, error: ChannelError) -> Finding:
    remedy = error.remedy if isinstance(error, Misconfigured) else _DEFAULT_REMEDY
    return Finding(subject, False, error.reason, remedy)


def _steps(
    settings: EmailSettings, session: Session, now: Callable[[], datetime]
) -> Iterator[Finding]:
    name = _name_resolution(settings.host)
    yield name
    if not name.ok:
        return
    session.client()
    yield _protection(settings)
    yield Finding("login", True, f"as {settings.auth}")
    yield _idle(session)
    for folder in settings.folders:
        yield _folder(session, folder, now)
    if settings.after == "move":
        yield from _move(settings, session)


def _name_resolution(host: str) -> Finding:
    try:
        addresses = {info[4][0] for info in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):  # UnicodeError: not a name at all
        return Finding("name", False, f"{host} is not known.", "Check `host` and the name server.")
    return Finding("name", True, f"{len(addresses)} address(es)")


def _protection(settings: EmailSettings) -> Finding:
    if settings.security != "none":
        return Finding("encryption", True, settings.security)
    if settings.host in LOOPBACK:
        return Finding("encryption", True, "none, on this machine")
    return Finding(
        "encryption", False, "none", 'Set security = "tls": passwords and mails go in the clear.'
    )


def _idle(session: Session) -> Finding:
    has = session.client().has_capability("IDLE")
    return Finding("IDLE", True, "new mail wakes us" if has else "missing: polled instead")


def _folder(session: Session, folder: str, now: Callable[[], datetime]) -> Finding:
    subject = f"folder {folder}"
    try:
        place = session.select(folder)
        return Finding(subject, True, f"{place.exists} mails{_age(session, place, now)}")
    except Misconfigured as error:
        return failed(subject, error)


def _age(session: Session, place: Place, now: Callable[[], datetime]) -> str:
    """How old the newest mail is: a folder that fell silent shows here."""
    newest = session.fetch(place, session.newest(place), DATES)
    for mail in newest.values():
        if mail.received_at is not None:
            return f", the newest {(now() - mail.received_at).total_seconds() / 3600:.0f} h old"
    return ""


def _move(settings: EmailSettings, session: Session) -> Iterator[Finding]:
    has = session.client().has_capability("MOVE")
    yield Finding("MOVE", True, "one command" if has else "missing: copied and expunged instead")
    there = session.folder_exists(settings.move_to)
    yield Finding(
        f"folder {settings.move_to}",
        there,
        "is there" if there else "is missing",
        "" if there else "Create it, or mend `move_to`.",
    )
