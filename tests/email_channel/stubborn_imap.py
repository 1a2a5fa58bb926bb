"""A small IMAP server that does what a good one never would: refuse one mail, give NIL, lie.

Dovecot cannot be brought to most of this, and other servers do it daily.
"""

import re
import socketserver
import threading
from typing import Self

from mailbox_helpers import mail


class StubbornServer:
    """Holds ``mails`` by UID. ``refused``: FETCH of these is answered NO. ``nil``: their body is
    NIL. ``silent``: FETCH passes over them, though they are there. ``sizes``: what it claims.
    ``busy``: response code with which everything after the login is refused. ``greeting``: its
    first line. ``login``: its answer to LOGIN; empty: it hangs up. ``refusal``: how it refuses."""

    def __init__(self, count: int = 10) -> None:
        self.mails = {uid: mail(uid) for uid in range(1, count + 1)}
        self.refused: set[int] = set()
        self.nil: set[int] = set()
        self.silent: set[int] = set()
        self.sizes: dict[int, int] = {}
        self.busy = ""
        self.greeting = "* OK ready"
        self.login = "OK welcome"
        self.refusal = "NO [SERVERBUG] this mail is broken"
        self.uidnext: int | str | None = count + 1
        self.capabilities = "IMAP4rev1"
        owner = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                owner.serve(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self, connection: socketserver.StreamRequestHandler) -> None:
        connection.wfile.write(self.greeting.encode() + b"\r\n")
        while line := connection.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            told, end = self.answer(command)
            if not end:
                return
            connection.wfile.write(told + f"{tag} {end} done\r\n".encode())
            if command == "LOGOUT":
                return

    def answer(self, command: str) -> tuple[bytes, str]:
        verb = command.removeprefix("UID ").partition(" ")[0]
        if verb in {"EXAMINE", "SELECT", "FETCH", "SEARCH"} and self.busy:
            return b"", f"NO [{self.busy}] come back later, musteri@example.test"
        if verb == "CAPABILITY":
            return f"* CAPABILITY {self.capabilities}\r\n".encode(), "OK"
        if verb == "LOGIN":
            return b"", self.login
        if verb == "EXAMINE":
            uidnext = f"* OK [UIDNEXT {self.uidnext}]\r\n" if self.uidnext else ""
            told = f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY 7]\r\n{uidnext}"
            return told.encode(), "OK [READ-ONLY]"
        if verb == "SEARCH":
            return self._search(command), "OK"
        if verb == "FETCH":
            return self._fetch(command)
        return (b"* BYE\r\n", "OK") if verb == "LOGOUT" else (b"", "OK")

    def _search(self, command: str) -> bytes:
        """``UID SEARCH [SEQUENCE] UID SET`` and ``UID SEARCH *``."""
        words = command.split()
        wanted = self._uids(words[-1])
        if words[2] != "UID" and len(words) > 3:
            low, _, high = words[2].partition(":")
            window = sorted(self.mails)[int(low) - 1 : int(high)]
            wanted = [uid for uid in wanted if uid in window]
        return f"* SEARCH {' '.join(map(str, wanted))}\r\n".encode()

    def _fetch(self, command: str) -> tuple[bytes, str]:
        wanted = [uid for uid in self._uids(command.split()[2]) if uid not in self.silent]
        if "SIZE" not in command and not self.refused.isdisjoint(wanted):
            given = (uid for uid in wanted if uid < min(self.refused))
            return b"".join(self._response(uid, command) for uid in given), self.refusal
        return b"".join(self._response(uid, command) for uid in wanted), "OK"

    def _response(self, uid: int, command: str) -> bytes:
        body = self.mails[uid]
        if "SIZE" in command:
            size = self.sizes.get(uid, len(body))
            return f"* {uid} FETCH (RFC822.SIZE {size} UID {uid})\r\n".encode()
        date = b'INTERNALDATE "01-Jan-2026 12:00:00 +0300"'
        if "HEADER" in command:
            body = body.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            name = b"BODY[HEADER]<0>"
        elif uid in self.nil:
            return b"* %d FETCH (UID %d %s BODY[] NIL)\r\n" % (uid, uid, date)
        else:
            name = b"BODY[]"
        return b"* %d FETCH (%s %s {%d}\r\n%s UID %d)\r\n" % (uid, date, name, len(body), body, uid)

    def _uids(self, text: str) -> list[int]:
        last = max(self.mails, default=0)
        wanted: set[int] = set()
        for low, high in re.findall(r"(\d+|\*)(?::(\d+|\*))?", text):
            first = last if low == "*" else int(low)
            end = first if not high else last if high == "*" else int(high)
            wanted.update(range(min(first, end), max(first, end) + 1))
        return sorted(wanted & self.mails.keys())
