"""Files that come with a form: checked, kept until the form is taken, then handed over with it."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from starlette.datastructures import UploadFile

from ingest.channels.web import Settings
from ingest.forms import FormFile
from normalizers.email.attachments import safe_name
from portal.public.filetypes import fitting, type_of
from portal.public.posted import PostedForm
from storage import uploads
from storage.engine import Connection, Database
from storage.uploads import Upload

LARGEST = 200_000_000
"""Bytes: as much as ``max_file_mb`` may be set to."""
MOST_WAITING = 2_000_000_000
"""Bytes that all unsent forms may hold together: beyond that a file goes with the form itself."""


class NotTaken(Exception):
    """A file that we do not take. ``code``: ``type``, ``size``, ``empty``, ``many``, ``full``."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code, self.name = code, name


@dataclass(frozen=True, slots=True)
class Arrived:
    """The files of one form: how they wait, how the item names them, and their bytes."""

    waiting: tuple[Upload, ...] = ()
    named: tuple[FormFile, ...] = ()
    contents: tuple[bytes, ...] = field(default=(), repr=False)
    problem: Mapping[str, str] = field(default_factory=dict)
    """``{"attached": code}`` when one of them is not taken."""


def arrived(
    database: Database,
    posted: PostedForm,
    settings: Settings,
    now: datetime,
    *,
    is_right: bool = False,
) -> Arrived:
    """Files that were sent before (``upload``), and those that came with the form (``attached``).

    All of them wait until the form is taken: one with a mistake in it does not ask for them again,
    as long as there is room. ``is_right``: this one has none, and its files are not going to wait.
    """
    waiting: tuple[Upload, ...] = ()
    try:
        with database.write() as connection:
            tokens = posted.texts("upload")
            waiting = tuple(whole(connection, tokens, settings))
            sent = posted.files("attached")
            if sent and not is_right and uploads.waiting_bytes(connection) > MOST_WAITING:
                raise NotTaken("full")
            tokens += _staged(connection, sent, settings, now)
            waiting = tuple(whole(connection, tokens, settings))
            named, contents = gathered(connection, waiting, settings)
    except NotTaken as error:
        return Arrived(waiting, problem={"attached": error.code})
    return Arrived(waiting, named, contents)


def taken(database: Database, came: Arrived) -> None:
    """They landed with their form, and need not wait any more."""
    if came.waiting:
        with database.write() as connection:
            uploads.drop(connection, [one.token for one in came.waiting])


def largest(settings: Settings) -> int:
    """Bytes of one file at the most."""
    return int(settings.max_file_mb * 1_000_000)


def checked_type(name: str, data: bytes, most: int) -> str:
    """The media type of a file. Raises NotTaken."""
    if not data:
        raise NotTaken("empty", name)
    if len(data) > most:
        raise NotTaken("size", name)
    found = type_of(data)
    if found is None:
        raise NotTaken("type", name)
    return found


def _staged(
    connection: Connection, sent: Iterable[UploadFile], settings: Settings, now: datetime
) -> list[str]:
    tokens = []
    for file in sent:
        if file.filename:
            data = file.file.read(largest(settings) + 1)
            checked_type(file.filename, data, largest(settings))
            tokens.append(keep(connection, file.filename, data, now=now))
    return tokens


def keep(connection: Connection, name: str, data: bytes, *, owner: str = "", now: datetime) -> str:
    """Keep one whole file. Returns its token."""
    token = secrets.token_urlsafe(24)
    uploads.begin(connection, token, clean_name(name), len(data), owner=owner, now=now)
    upload = uploads.find(connection, token, owner=owner)
    assert upload is not None
    uploads.add_piece(connection, upload, 0, data)
    return token


def clean_name(name: str) -> str:
    """A name that is safe to show and to write to disk."""
    return safe_name(name) or "dosya"


def whole(
    connection: Connection, tokens: Sequence[str], settings: Settings, *, owner: str = ""
) -> list[Upload]:
    """The files behind these tokens that are all there. Raises NotTaken for too many."""
    found = uploads.find_all(connection, tokens[:200], owner=owner)
    complete = [one for one in found if one.is_whole]
    if len(complete) > settings.max_files:
        raise NotTaken("many")
    return complete


def gathered(
    connection: Connection, found: Sequence[Upload], settings: Settings
) -> tuple[tuple[FormFile, ...], tuple[bytes, ...]]:
    """How they are named, and their bytes, looked into once more. Raises NotTaken."""
    contents = tuple(uploads.content(connection, one) for one in found)
    named = tuple(
        _named(one.name, checked_type(one.name, data, largest(settings)), data)
        for one, data in zip(found, contents, strict=True)
    )
    return named, contents


def _named(name: str, media_type: str, data: bytes) -> FormFile:
    return FormFile.of(fitting(name, media_type), media_type, data)
