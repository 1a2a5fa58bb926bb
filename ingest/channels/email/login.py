"""Opening a connection: TCP, TLS, login."""

import ssl
from imaplib import IMAP4

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from ingest.channels.email.faults import TEMPORARY, Broken, NotGiven, response_code
from ingest.channels.email.oauth import TokenSource
from ingest.channels.email.settings import EmailSettings
from ingest.errors import Later, Misconfigured

TIMEOUT = SocketTimeout(connect=15, read=60)
"""Seconds for the connection with TLS, and without a single byte afterwards."""


class AccessDenied(Misconfigured):
    """The server does not accept the credentials."""


def tls_context(settings: EmailSettings) -> ssl.SSLContext:
    """Verifying always. Raises: Misconfigured when ``ca`` cannot be read."""
    try:
        return ssl.create_default_context(cafile=settings.ca)
    except OSError as error:  # also ssl.SSLError: not a certificate
        raise Misconfigured(
            f"The certificate authority in `ca` cannot be read ({type(error).__name__}).",
            remedy="Give the path of a PEM file that this user may read.",
        ) from None


def connect(settings: EmailSettings) -> IMAPClient:
    """An encrypted connection (unless ``security = "none"``), not logged in.

    Raises: Misconfigured, and what imaplib and the socket raise.
    """
    secure = settings.security == "tls"
    context = tls_context(settings) if settings.security != "none" else None
    port = settings.port or (993 if secure else 143)
    client = IMAPClient(
        settings.host, port, ssl=secure, ssl_context=context if secure else None, timeout=TIMEOUT
    )
    client._imap.debug = 0  # imapclient turns on traces of every line, passwords and mails included
    if settings.security == "starttls":
        _start_tls(client, context)
    return client


def _start_tls(client: IMAPClient, context: ssl.SSLContext | None) -> None:
    if not client.has_capability("STARTTLS"):
        client.shutdown()
        raise Misconfigured(
            "The mail server does not offer STARTTLS on this port.",
            remedy='Set security = "tls" and its port (993), or turn on TLS at the server.',
        )
    client.starttls(context)


def log_in(client: IMAPClient, settings: EmailSettings, tokens: TokenSource | None) -> None:
    """Raises: AccessDenied, Misconfigured, Later."""
    try:
        if tokens is not None:
            client.oauth2_login(settings.login_name, tokens.get())
        else:
            _password_login(client, settings)
    except LoginError as error:
        raise _denied(error) from None


def _password_login(client: IMAPClient, settings: EmailSettings) -> None:
    password = settings.password.get_secret_value()
    if client.has_capability("LOGINDISABLED") and settings.security == "none":
        raise Misconfigured(
            "The mail server takes no password over an unprotected connection.",
            remedy='Set security = "starttls" or "tls".',
        )
    if client.has_capability("AUTH=PLAIN"):  # RFC 4616: UTF-8, where LOGIN is ASCII only
        client.plain_login(settings.login_name, password)
    else:
        client.login(settings.login_name, password)


def _denied(error: LoginError) -> Later | Misconfigured:
    """imapclient turns every failure while logging in into LoginError, also a broken line."""
    if isinstance(error.__context__, IMAP4.abort):
        return Broken("The mail server closed the connection at the login.")
    code = response_code(error)
    if code in TEMPORARY:
        return NotGiven("the login", error)
    return AccessDenied(
        f"The mail server refused the login{f' ({code})' if code else ''}.",
        remedy="Check `username`, the password or token, and that the account may use IMAP.",
    )
