"""Settings of an e-mail account: what is refused, and how it is said."""

from typing import Any

import pytest
from pydantic import ValidationError

from ingest.channels.email import CHANNEL
from ingest.channels.email.heads import FaxSorter
from ingest.channels.email.settings import EmailSettings

IMAP: dict[str, Any] = {"host": "imap.example.test", "username": "basvuru", "password": "gizli"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "needs `host`"),
        ({"host": "imap.example.test", "username": "a"}, "needs `password`"),
        (IMAP | {"auth": "xoauth2"}, "needs the table `oauth`"),
        (IMAP | {"mailbox": "ortak@example.test"}, "needs auth"),
        (IMAP | {"after": "move"}, "needs `move_to`"),
        (IMAP | {"after": "move", "move_to": "INBOX"}, "not read itself"),
        (IMAP | {"folders": ()}, "at least one"),
        (IMAP | {"folders": ("INBOX", "INBOX")}, "only once"),
        (IMAP | {"flag": "\\Seen"}, "belongs to the people"),
        (IMAP | {"flag": "two words"}, "pattern"),
        (IMAP | {"fax_pattern": "("}, "not a regular expression"),
        (IMAP | {"fax_pattern": "[0-9]+"}, "exactly one group"),
        (IMAP | {"hots": "x"}, "Extra inputs"),
        ({"source": "maildir"}, "needs `maildir`"),
        ({"source": "maildir", "maildir": "/m", "after": "flag"}, "no keywords"),
        ({"source": "maildir", "maildir": "/m", "move_to": "../x"}, "subfolder"),
    ],
)
def test_incomplete_settings_are_refused_in_words(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        EmailSettings.model_validate(given)


def test_tokens_are_never_fetched_in_the_clear() -> None:
    oauth = {"token_url": "http://login.example.test/token", "client_id": "x"}
    with pytest.raises(ValidationError, match="https"):
        EmailSettings.model_validate(IMAP | {"auth": "xoauth2", "oauth": oauth})


def test_a_shared_mailbox_is_opened_instead_of_the_account() -> None:
    oauth = {"token_url": "https://login.example.test/token", "client_id": "x"}
    settings = EmailSettings.model_validate(
        IMAP | {"auth": "xoauth2", "oauth": oauth, "mailbox": "ortak@example.test"}
    )
    assert settings.login_name == "ortak@example.test"


def test_secrets_do_not_show() -> None:
    oauth = {
        "token_url": "https://login.example.test/token",
        "client_id": "x",
        "client_secret": "gizli2",
        "refresh_token": "gizli3",
    }
    settings = EmailSettings.model_validate(IMAP | {"auth": "xoauth2", "oauth": oauth})
    assert "gizli" not in f"{settings!r}{settings}{settings.model_dump()}"


def test_every_field_is_described_and_the_sample_folder_is_there() -> None:
    described = EmailSettings.model_json_schema()["properties"]
    assert all(field.get("description") for field in described.values())
    assert CHANNEL.samples is not None
    assert list(CHANNEL.samples.glob("*.eml"))


@pytest.mark.parametrize(
    ("sender", "subject", "kind", "facts"),
    [
        ("FAX@Example.test", "Fax 0212 000 00 00", "fax-mail", {"fax_number": "0212 000 00 00"}),
        (
            "x@gateway.test",
            "=?utf-8?q?Faks_+902120000000?=",
            "fax-mail",
            {"fax_number": "+902120000000"},
        ),
        (
            "x@gateway.test",
            "=?nonsense?q?Faks_02120000000?=",
            "fax-mail",
            {"fax_number": "02120000000"},
        ),
        ("x@gateway.test", "Faks", "fax-mail", {}),
        ("x@other.test", "Faks 0212 000 00 00", "email", {}),
    ],
)
def test_mails_of_fax_gateways_are_told_apart(
    sender: str, subject: str, kind: str, facts: dict[str, str]
) -> None:
    gateways = ("fax@example.test", "@gateway.test")
    sorter = FaxSorter(EmailSettings.model_validate(IMAP | {"fax_gateways": gateways}))
    body = f"From: Gateway <{sender}>\r\nSubject: {subject}\r\n\r\nFrom: fax@example.test\r\n"
    assert sorter.sort(body.encode()) == (kind, facts)
