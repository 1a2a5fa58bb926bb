"""No secret and no personal data where people or machines may read them."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO

from pydantic import BaseModel, SecretBytes, SecretStr
from structlog.testing import capture_logs

from ingest.errors import ChannelError
from ingest.testkit.check import Lab, check
from ingest.testkit.harness import Engine
from ingest.testkit.world import Missing


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
def no_personal_data_in_reasons(lab: Lab) -> None:
    """Why an item was set aside or refused is shown to operators and counted: it quotes nothing
    of the item."""
    engine = lab.engine()
    engine.world.put(1)
    engine.world.malformed()
    personal = engine.world.personal()
    engine.poll()
    problems = [item.problem or "" for item in engine.landed.values()]
    leaked = _any_in(personal, "\n".join([*problems, *engine.refused.values()]))
    assert not leaked, "personal data stands in the reason of a refusal or in a problem"


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


def _any_in(needles: Iterable[str], text: str) -> bool:
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
    no_secret_in_repr,
    no_secret_in_failures,
    no_secret_in_logs,
    no_personal_data_in_logs,
    no_personal_data_in_reasons,
)
