"""What the tests of the e-mail channel share: a mail server, and a channel opened on it."""

from collections.abc import Iterator
from typing import Any

import pytest
from mailbox_helpers import OpenChannel, context
from peers.dovecot import PASSWORD, USER, Dovecot, available

from ingest.channels.email import CHANNEL
from ingest.contract import Channel, Context


@pytest.fixture(scope="module")
def running_server() -> Iterator[Dovecot]:
    if not available():
        pytest.skip("Dovecot is not installed")
    with Dovecot() as server:
        yield server


@pytest.fixture
def server(running_server: Dovecot) -> Dovecot:
    """Running, with empty folders."""
    with running_server.connection() as client:
        for folder in ("INBOX", "Processed", "Junk"):
            client.select(folder)
            client.uid("STORE", "1:*", "+FLAGS", "\\Deleted")
            client.expunge()
    return running_server


@pytest.fixture
def open_channel() -> Iterator[OpenChannel]:
    """Opens channels, and closes them at the end."""
    opened: list[Channel] = []

    def open_one(server: Dovecot, given: Context | None = None, **options: Any) -> Channel:
        values = {
            "host": "localhost",
            "port": server.imaps_port,
            "ca": server.ca,
            "username": USER,
            "password": PASSWORD,
            **options,
        }
        settings = CHANNEL.settings.model_validate(values | {"kind": "email"})
        opened.append(CHANNEL.open(settings, given or context()))
        return opened[-1]

    yield open_one
    for channel in opened:
        channel.close()
