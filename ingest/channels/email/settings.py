"""What an operator may set for an e-mail account."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from ingest.contract import ChannelSettings

Folder = Annotated[str, Field(min_length=1, max_length=200)]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class OAuth(BaseModel):
    """How access tokens are got (RFC 6749), used with ``auth = "xoauth2"``.

    Microsoft 365: ``token_url = "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token"``;
    with an application permission (IMAP.AccessAsApp) leave ``refresh_token`` empty and set
    ``scope = "https://outlook.office365.com/.default"``; on behalf of a user give the refresh
    token and ``scope = "https://outlook.office365.com/IMAP.AccessAsUser.All offline_access"``.

    Google: ``token_url = "https://oauth2.googleapis.com/token"`` with a refresh token that was
    granted the scope ``https://mail.google.com/``; leave ``scope`` empty.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    token_url: str
    """Address of the token endpoint; https."""
    client_id: str
    """Id of the application that was registered with the provider."""
    client_secret: SecretStr = SecretStr("")
    """Its secret. Empty for a public client."""
    refresh_token: SecretStr = SecretStr("")
    """Empty: the application signs in as itself (client credentials)."""
    scope: str = ""
    """Scopes to ask for, separated by blanks."""

    @field_validator("token_url")
    @classmethod
    def _protected(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("the token endpoint must be https, secrets are sent to it")
        return url


class EmailSettings(ChannelSettings):
    """One mailbox: over IMAP, or a Maildir that a mail server delivers into."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "host": "imap.example.test",
                    "username": "basvuru@example.test",
                    "password": "the password",
                }
            ]
        }
    )

    kind: str = "email"
    """Which channel this is."""
    source: Literal["imap", "maildir"] = "imap"
    """imap: fetch from a server. maildir: read a local folder."""
    host: str = ""
    """IMAP server."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 0
    """IMAP port. 0: 993 for tls, else 143."""
    security: Literal["tls", "starttls", "none"] = "tls"
    """How the connection is protected."""
    ca: Path | None = None
    """PEM file with the authority that signed the server's certificate. Empty: the system's."""
    username: str = ""
    """Account to log in with."""
    auth: Literal["password", "xoauth2"] = "password"
    """How to log in."""
    password: SecretStr = SecretStr("")
    """Password of the account."""
    oauth: OAuth | None = None
    """Where access tokens come from."""
    mailbox: str = ""
    """Shared mailbox to open instead of the account's own (Microsoft 365, xoauth2 only)."""
    folders: tuple[Folder, ...] = ("INBOX",)
    """Folders to read. New mail in the first one wakes us at once."""
    maildir: Path | None = None
    """Folder that holds ``new``, ``cur`` and ``tmp``."""
    max_bytes: Annotated[int, Field(ge=1_000)] = 50_000_000
    """Mails above this size are set aside with their header, and fetched whole on request."""
    after: Literal["leave", "flag", "move"] = "leave"
    """What is done with a mail at the source once it is recorded."""
    flag: Annotated[str, Field(pattern=r"^[\\$]?[A-Za-z0-9_.-]{1,60}$")] = "$Recorded"
    """Keyword for ``after = "flag"``; never \\Seen, which belongs to people."""
    move_to: Annotated[str, Field(max_length=200)] = ""
    """Folder for ``after = "move"``. With a Maildir, empty means: to ``cur``, marked as seen."""
    fax_gateways: tuple[str, ...] = ()
    """Senders (``fax@example.test`` or ``@example.test``) whose mails bring faxes."""
    fax_pattern: Annotated[str, Field(max_length=300)] = r"(\+?[0-9][0-9 ()/-]{5,20}[0-9])"
    """Regular expression; its one group finds the caller's number in the subject of such a mail."""

    @property
    def login_name(self) -> str:
        """Whose mailbox is opened."""
        return self.mailbox or self.username

    @field_validator("fax_pattern")
    @classmethod
    def _one_group(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        if groups != 1:
            raise ValueError("needs exactly one group, around the number")
        return pattern

    @field_validator("flag")
    @classmethod
    def _not_seen(cls, flag: str) -> str:
        if flag.upper() in {"\\SEEN", "\\DELETED"}:
            raise ValueError(
                "\\Seen belongs to the people who read the mailbox, \\Deleted loses mail"
            )
        return flag

    @model_validator(mode="after")
    def _complete(self) -> Self:
        problem = self._maildir_problem() if self.source == "maildir" else self._imap_problem()
        if problem:
            raise ValueError(problem)
        return self

    def _maildir_problem(self) -> str:
        if self.maildir is None:
            return 'source = "maildir" needs `maildir`'
        if self.after == "flag":
            return 'a Maildir has no keywords: use after = "move" or "leave"'
        if "/" in self.move_to or self.move_to.startswith("."):
            return "`move_to` names a subfolder of the Maildir, without path and leading dot"
        return ""

    def _imap_problem(self) -> str:
        if not self.host or not self.username:
            return 'source = "imap" needs `host` and `username`'
        if not self.folders or len(set(self.folders)) != len(self.folders):
            return "`folders` needs at least one folder, and each only once"
        if self.after == "move" and (not self.move_to or self.move_to in self.folders):
            return 'after = "move" needs `move_to`, a folder that is not read itself'
        return self._login_problem()

    def _login_problem(self) -> str:
        if self.auth == "xoauth2":
            return "" if self.oauth else 'auth = "xoauth2" needs the table `oauth`'
        if not self.password.get_secret_value():
            return 'auth = "password" needs `password`'
        return 'a shared `mailbox` needs auth = "xoauth2"' if self.mailbox else ""
