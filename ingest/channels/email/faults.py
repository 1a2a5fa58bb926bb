"""What goes wrong with a mail server, sorted by what happens next.

Texts of the server are not repeated: they may hold names and addresses. Its response code
(RFC 5530), a fixed word, is.
"""

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from imaplib import IMAP4

from ingest.errors import Later, Misconfigured

_CODE = re.compile(r"\[([A-Z][A-Z-]{1,40})\b")

TEMPORARY = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA"})
"""Response codes after which the same command may work later (RFC 5530)."""


class Broken(Later):
    """The connection is gone; the next command opens a new one."""


class NotGiven(Later):
    """The server answered NO or BAD. ``code``: its response code, or empty."""

    def __init__(self, what: str, text: object = "") -> None:
        self.code = response_code(text)
        super().__init__(
            f"The mail server refused {what}" + (f" ({self.code})." if self.code else ".")
        )


def response_code(text: object) -> str:
    """``AUTHENTICATIONFAILED`` of ``[AUTHENTICATIONFAILED] Wrong password.``; empty without one."""
    found = _CODE.search(str(text)[:500])
    return found.group(1) if found else ""


@contextmanager
def sorted_faults(doing: str, drop: Callable[[], None]) -> Iterator[None]:
    """Turn what imaplib and the socket raise into the channel's failures.

    ``drop`` is called whenever the connection may be out of step with the server. Causes are cut
    off (``from None``) because imaplib quotes lines of the server in them.
    """
    try:
        yield
    except IMAP4.abort:
        drop()
        raise Broken(f"The mail server closed the connection at {doing}.") from None
    except IMAP4.error as error:  # BAD, or an answer out of order: start afresh
        drop()
        raise NotGiven(doing, error) from None
    except ssl.SSLCertVerificationError as error:
        drop()
        raise Misconfigured(
            f"The mail server's certificate is not trusted ({error.verify_message}).",
            remedy="Set `ca` to the authority that signed it, `host` to the name it stands for.",
        ) from None
    except ssl.SSLError as error:
        drop()
        raise tls_failure(error) from None
    except TimeoutError:
        drop()
        raise Broken(f"The mail server did not answer in time at {doing}.") from None
    except OSError as error:
        drop()
        raise Broken(f"No connection to the mail server ({type(error).__name__}).") from None
    except ValueError:  # after the TLS errors, some of which are ValueErrors too
        drop()
        raise NotGiven(f"{doing} with an answer that cannot be read") from None


def tls_failure(error: ssl.SSLError) -> Later | Misconfigured:
    """A port that does not speak TLS never will; other TLS failures may pass."""
    if error.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNSUPPORTED_PROTOCOL"}:
        return Misconfigured(
            f"The port does not speak TLS as expected ({error.reason}).",
            remedy="Check `port` and `security`: tls is usually 993, starttls 143.",
        )
    return Broken(f"The TLS connection broke ({error.reason or type(error).__name__}).")
