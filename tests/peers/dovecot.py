"""A private Dovecot for tests: IMAP with STARTTLS and IMAPS, passwords and XOAUTH2.

``with Dovecot() as server:`` takes about a second. Everything lies in a folder of its own, listens
on free ports of 127.0.0.1, and ends with the block. Works as root (mail then belongs to nobody)
and as an ordinary user.
"""

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Self

import trustme
from peers.oauth import OAuthServer

USER = "basvuru"
PASSWORD = "gizli-şifre"

CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap
listen = {host}
default_internal_user = {owner}
default_login_user = {owner}
default_internal_group = {group}
first_valid_uid = 1
mail_uid = {owner}
mail_gid = {group}
mail_home = {folder}/mail/%u
mail_location = maildir:{folder}/mail/%u/Maildir
mail_fsync = never
verbose_proctitle = yes
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
auth_cache_size = 0
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
mail_max_userip_connections = 50
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/mail/%u
}}
protocol imap {{
  imap_capability = {capability}
}}
namespace inbox {{
  inbox = yes
  separator = .
  mailbox Processed {{
    auto = create
  }}
  mailbox Junk {{
    auto = create
  }}
}}
"""

OAUTH_CONFIG = """\
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""


class Dovecot:
    """``ca`` is the authority behind the server's certificate, ``oauth`` issues its tokens.

    ``capability``: the whole list of what IMAP offers after the login, where a test wants less.
    """

    def __init__(
        self,
        *,
        capability: str = "",
        users: Iterable[str] = (USER,),
        password: str = PASSWORD,
        host: str = "127.0.0.1",
    ) -> None:
        self._host = host
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.oauth = OAuthServer()
        self.ca = self.folder / "ca.pem"
        self.imap_port, self.imaps_port = _free_ports(2)
        self._capability = capability
        self._users, self._password = tuple(users), password
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._configure()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.oauth.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        with (self.folder / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                [_binary("dovecot"), "-F", "-c", self._config], stdout=console, stderr=console
            )
        until(lambda: _listens(self.imap_port) and _listens(self.imaps_port), 20, self._log)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def maildir(self, user: str = USER) -> Path:
        return self.folder / "mail" / user / "Maildir"

    @contextlib.contextmanager
    def connection(self, user: str = USER) -> Iterator[imaplib.IMAP4_SSL]:
        """A second mail program, logged in."""
        context = ssl.create_default_context(cafile=self.ca)
        client = imaplib.IMAP4_SSL("localhost", self.imaps_port, ssl_context=context, timeout=20)
        try:
            client.authenticate("PLAIN", lambda _: f"\0{user}\0{self._password}".encode())
            yield client
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                client.logout()

    def append(
        self,
        mailbox: str,
        *messages: bytes,
        flags: str = "",
        when: datetime | None = None,
        user: str = USER,
    ) -> None:
        """Put mails into a folder, as one mail program would."""
        date = imaplib.Time2Internaldate(when) if when else None
        with self.connection(user) as client:
            for message in messages:
                status, _ = client.append(mailbox, f"({flags})" if flags else None, date, message)
                assert status == "OK"

    def deliver(self, messages: Iterable[bytes], user: str = USER) -> None:
        """Put many mails into INBOX quickly, as a delivery agent would: through the Maildir."""
        self.reveal(self.drafted(messages, user))

    def drafted(self, messages: Iterable[bytes], user: str = USER) -> list[Path]:
        """Write many mails where nobody sees them yet."""
        with self.connection(user) as client:
            client.select("INBOX")  # makes the folders
        owner, group = _owner()
        drafts = []
        for number, message in enumerate(messages):
            draft = self.maildir(user) / "tmp" / f"{time.time_ns()}.{number}.example"
            draft.write_bytes(message)
            if os.getuid() == 0:
                shutil.chown(draft, owner, group)
            drafts.append(draft)
        return drafts

    def reveal(self, drafts: Iterable[Path]) -> None:
        """Put drafts into INBOX."""
        for draft in drafts:
            draft.rename(draft.parent.parent / "new" / draft.name)

    def kick(self, user: str = USER) -> None:
        """End all connections of a user with a BYE, as an administrator would."""
        command = [_binary("doveadm"), "-c", str(self._config), "kick", user]
        subprocess.run(command, check=True, capture_output=True, timeout=20)

    def is_idled_on(self) -> bool:
        """Whether somebody waits for mail with IDLE: its processes say what they do."""
        return any("IDLE" in title for title in _titles(self.pid))

    @property
    def pid(self) -> int:
        assert self._process is not None, "it runs"
        return self._process.pid

    @property
    def _config(self) -> Path:
        return self.folder / "dovecot.conf"

    def _configure(self) -> None:
        owner, group = _owner()
        (self.folder / "mail").mkdir()
        self._certificate()
        self.oauth.start()
        lines = [f"{user}:{{PLAIN}}{self._password}\n" for user in self._users]
        (self.folder / "users").write_text("".join(lines), "utf-8")
        (self.folder / "oauth2.conf").write_text(OAUTH_CONFIG.format(url=self.oauth.introspect_url))
        self._config.write_text(
            CONFIG.format(
                folder=self.folder,
                host=self._host,
                owner=owner,
                group=group,
                imap=self.imap_port,
                imaps=self.imaps_port,
                capability=self._capability,
            )
        )
        if os.getuid() == 0:
            self.folder.chmod(0o755)
            shutil.chown(self.folder / "mail", owner, group)

    def _certificate(self) -> None:
        authority = trustme.CA()
        certificate = authority.issue_cert("localhost", "127.0.0.1")
        authority.cert_pem.write_to_path(self.ca)
        certificate.private_key_pem.write_to_path(self.folder / "server.key")
        (self.folder / "server.pem").write_bytes(
            b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
        )

    def _log(self) -> str:
        logs = (self.folder / "console.log", self.folder / "dovecot.log")
        return "\n".join(log.read_text("utf-8", "replace") for log in logs if log.exists())


def _titles(parent: int) -> Iterator[str]:
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        with contextlib.suppress(OSError):  # it ended between listing and reading
            yield Path(f"/proc/{child}/cmdline").read_bytes().decode("utf-8", "replace")


def available() -> bool:
    """Whether Dovecot is installed here."""
    return bool(shutil.which("dovecot", path=_PATH) and shutil.which("doveadm", path=_PATH))


def until(holds: Callable[[], bool], seconds: float, story: Callable[[], str] = str) -> None:
    """Wait for a condition; fails with ``story`` when it does not come."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"did not happen within {seconds} s: {story()}")
        time.sleep(0.02)


_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin"))


def _binary(name: str) -> str:
    found = shutil.which(name, path=_PATH)
    assert found, f"{name} is not installed"
    return found


def _owner() -> tuple[str, str]:
    uid = os.getuid() or pwd.getpwnam("nobody").pw_uid
    account = pwd.getpwuid(uid)
    return account.pw_name, grp.getgrgid(account.pw_gid).gr_name


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [taken.getsockname()[1] for taken in sockets]
    for taken in sockets:
        taken.close()
    return ports


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True
