"""Good manners: stopping, waiting, closing, secrets, settings."""

import logging
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

from pydantic import BaseModel, SecretBytes, SecretStr
from structlog.testing import capture_logs

from config.errors import ConfigurationError
from ingest.contract import MAX_ITEMS
from ingest.describe import sample_toml, settings_of, undescribed
from ingest.errors import ChannelError
from ingest.registry import validated
from ingest.testkit.check import Lab, check
from ingest.testkit.harness import ACCOUNT, Engine
from ingest.testkit.world import Missing

GRACE = 3.0
"""Seconds that a channel may take beyond what it was given: "soon", on a busy machine."""
SECRET_NAMES = ("password", "passwd", "passphrase", "secret", "token", "key")
"""Last words of the names of settings that hold a secret."""


@check
def reading_stops_when_asked(lab: Lab) -> None:
    """After ``stopping()`` became true at most one more delivery comes."""
    engine = lab.engine()
    engine.world.bulk(3 * MAX_ITEMS + 1)
    channel = engine.open()
    reading = engine.deliveries(channel)
    engine.land(next(reading))
    engine.stop = True
    more = len(list(reading))
    channel.close()
    assert more <= 1, f"{more} deliveries came after we asked to stop"


@check
def waiting_ends_in_time(lab: Lab) -> None:
    """``wait`` returns after the timeout at the latest, with nothing new at the source."""
    engine = lab.engine()
    channel = engine.open()
    taken = _seconds_of_wait(channel, timedelta(seconds=0.2))
    channel.close()
    assert taken <= 0.2 + GRACE, f"wait(0.2 s) took {taken:.1f} s"


@check
def waiting_stops_when_asked(lab: Lab) -> None:
    """``wait`` returns soon when ``stopping()`` becomes true, however long it was to wait."""
    engine = lab.engine()
    channel = engine.open()
    engine.stop = True
    taken = _seconds_of_wait(channel, timedelta(hours=1))
    channel.close()
    assert taken <= GRACE, f"wait() went on for {taken:.1f} s after we asked to stop"


@check
def a_channel_may_be_closed_twice(lab: Lab) -> None:
    """``close`` may be called twice, before the first read too, and a new channel reads on."""
    engine = lab.engine()
    count = len(engine.world.put(2))
    for read in (False, True):
        channel = engine.open()
        if read:
            engine.drain(channel)
        channel.close()
        channel.close()
    assert engine.seen >= count, f"{engine.seen} of {count} items were read"


@check
def no_secret_in_repr(lab: Lab) -> None:
    """Neither the settings nor the channel show a secret when they are printed."""
    engine = lab.engine()
    secrets = _secrets(engine)
    channel = engine.open()
    shown = f"{engine.settings!r} {engine.settings} {channel!r} {channel}"
    channel.close()
    leaked = _any_in(secrets, shown)
    assert not leaked, "a secret stands in the repr of the settings or the channel"


@check
def no_secret_in_failures(lab: Lab) -> None:
    """No failure and no finding quotes a secret, nor does the exception behind it."""
    engine = lab.engine()
    secrets = _secrets(engine)
    engine.world.put(1)
    engine.world.kill_credential()
    leaked = _any_in(secrets, _said_in_failing(engine))
    assert not leaked, "a secret stands in the text of a failure"


@check
def no_secret_in_logs(lab: Lab) -> None:
    """Nothing that the channel logs contains a secret, at any level."""
    engine = lab.engine()
    secrets = _secrets(engine)
    engine.world.put(3)
    leaked = _any_in(secrets, _logs_of(engine))
    assert not leaked, "a secret stands in the logs"


@check
def no_personal_data_in_logs(lab: Lab) -> None:
    """Nothing that the channel logs contains what an applicant wrote or who they are."""
    engine = lab.engine()
    engine.world.put(3)
    personal = engine.world.personal()
    leaked = _any_in(personal, _logs_of(engine))
    assert not leaked, "personal data stands in the logs"


@check
def every_setting_is_described(lab: Lab) -> None:
    """Sample, manual and error texts are printed from the descriptions: every setting has one."""
    silent = undescribed(lab.world().declaration.settings)
    assert not silent, f"settings without a description: {', '.join(silent)}"


@check
def secrets_are_declared_secret(lab: Lab) -> None:
    """A setting that is called a password, token or key is a SecretStr."""
    plain = [
        setting.path
        for setting in settings_of(lab.world().declaration.settings)
        if setting.name.rpartition("_")[2] in SECRET_NAMES and not setting.secret
    ]
    assert not plain, f"not SecretStr: {', '.join(plain)}"


@check
def the_sample_settings_are_valid(lab: Lab) -> None:
    """The sample table that is printed from the declaration can be used as it stands."""
    declaration = lab.world().declaration
    if undescribed(declaration.settings):
        return  # no sample is printed then; another check says so
    table = tomllib.loads(sample_toml(declaration))["channels"][declaration.kind]
    try:
        validated(ACCOUNT, table, declaration)
    except ConfigurationError as error:
        raise AssertionError(f"the sample is refused: {error}") from error


@check
def unknown_settings_are_refused(lab: Lab) -> None:
    """A misspelt setting is an error at the start, not a surprise later."""
    world = lab.world()
    try:
        validated(ACCOUNT, world.table() | {"no_such_setting": 1}, world.declaration)
    except ConfigurationError:
        return
    raise AssertionError("a setting that does not exist was accepted")


def _seconds_of_wait(channel: Any, timeout: timedelta) -> float:
    start = time.monotonic()
    channel.wait(timeout)
    return time.monotonic() - start


def _secrets(engine: Engine) -> list[str]:
    """The secrets that stand in the settings of this account."""
    found = list(_secrets_in(engine.settings))
    if not found:
        raise Missing("secrets")
    return found


def _secrets_in(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr) and value.get_secret_value():
        yield value.get_secret_value()
    elif isinstance(value, SecretBytes) and value.get_secret_value():
        yield value.get_secret_value().decode("utf-8", "replace")
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _secrets_in(getattr(value, name))


def _any_in(needles: Any, text: str) -> bool:
    """Called outside of any assertion: pytest would print what must not be printed."""
    return any(needle in text for needle in needles)


def _logs_of(engine: Engine) -> str:
    """Everything that a life of the channel writes to structlog or logging, whatever the level."""
    with _heard() as heard:
        engine.poll()
        engine.world.put(1)
        channel = engine.open()
        channel.check()
        engine.drain(channel)
        channel.close()
    return heard.getvalue()


@contextmanager
def _heard() -> Iterator[StringIO]:
    text = StringIO()
    handler, root = logging.StreamHandler(text), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with capture_logs() as events:
            yield text
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        text.write("\n".join(map(str, events)))


def _said_in_failing(engine: Engine) -> str:
    """What check() finds, and the failure of a read with everything that stands behind it."""
    said, channel = "", None
    try:
        channel = engine.open()
        said = "\n".join(map(str, channel.check()))
        engine.drain(channel)
    except ChannelError as failure:
        return said + "".join(f"\n{link} {link!r} {vars(link)}" for link in _chain(failure))
    finally:
        if channel is not None:
            channel.close()
    return said


def _chain(error: BaseException) -> list[BaseException]:
    """The exception and those behind it; one that stands in its own chain is not followed."""
    links: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    return links


CHECKS = (
    reading_stops_when_asked,
    waiting_ends_in_time,
    waiting_stops_when_asked,
    a_channel_may_be_closed_twice,
    no_secret_in_repr,
    no_secret_in_failures,
    no_secret_in_logs,
    no_personal_data_in_logs,
    every_setting_is_described,
    secrets_are_declared_secret,
    the_sample_settings_are_valid,
    unknown_settings_are_refused,
)
