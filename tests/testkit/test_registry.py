"""Channels come in by entry points alone, and what does not fit is named."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog

from config.errors import ConfigurationError
from ingest.contract import Context
from ingest.registry import declaration, in_turkish, open_channel

MODULE = '''
from pydantic import SecretStr, field_validator
from ingest.contract import ChannelSettings, Declaration

class RssSettings(ChannelSettings):
    url: str
    """Address of the feed."""
    password: SecretStr = SecretStr("")
    """For a closed feed."""
    limit: int = 5
    """Items."""

    @field_validator("password")
    @classmethod
    def long_enough(cls, value):
        if value and len(value.get_secret_value()) < 8:
            raise ValueError(f"{value.get_secret_value()} is too short")
        return value

def made(kind, settings=RssSettings, version=1):
    return Declaration(
        kind=kind,
        summary="Reads a feed.",
        settings=settings,
        open=lambda settings, context: (settings, context),
        contract_version=version,
        turkish={"The feed {} is empty.": "{} akışı boş.", "There is no folder {}.": "başka"},
    )

GOOD = made("rss")
OTHER_NAME = made("atom")
OLD = made("rss", version=0)
SILENT = made("rss", version=None)
NO_SETTINGS = made("rss", settings=dict)
NOTHING = 42
'''

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a package with entry points on the path, as an installer would."""
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "rss_plugin.py").write_text(MODULE)

    def add(target: str, *, package: str = "rss-plugin", kind: str = "rss") -> None:
        info = tmp_path / f"{package.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[basvuru.channels]\n{kind} = {target}\n")

    return add


def context() -> Context:
    return Context("feed", structlog.get_logger(), lambda: datetime.now(UTC))


def opened(**table: Any) -> Any:
    return open_channel("feed", table, context())


def test_a_plugin_stands_beside_the_built_in_channels(install: Install) -> None:
    install("rss_plugin:GOOD")
    assert declaration("rss").summary == "Reads a feed."


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("OTHER_NAME", "declares the kind 'atom' under another name"),
        ("OLD", "is written for contract version 0, this is 1"),
        ("SILENT", "does not say which contract version it is written for (`contract_version=1`"),
        ("NO_SETTINGS", "not a subclass of ChannelSettings"),
        ("NOTHING", "is of type int, not a Declaration"),
        ("ABSENT", "cannot be loaded"),
    ],
)
def test_a_plugin_that_does_not_fit_is_named(install: Install, name: str, says: str) -> None:
    install(f"rss_plugin:{name}")
    with pytest.raises(ConfigurationError, match="'rss'") as caught:
        declaration("rss")
    assert says in str(caught.value)
    assert caught.value.remedy


def test_two_packages_of_one_kind_are_refused(install: Install) -> None:
    install("rss_plugin:GOOD")
    install("other_plugin:GOOD", package="other-plugin")
    with pytest.raises(ConfigurationError, match="Two packages"):
        declaration("rss")
    assert declaration("folder").kind == "folder", "and no other is touched"


def test_an_unknown_kind_names_what_is_installed(install: Install) -> None:
    install("rss_plugin:GOOD")
    with pytest.raises(ConfigurationError, match=r"no channel of kind 'pigeon'.*rss"):
        opened(kind="pigeon")


def test_a_table_without_a_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"\[channels\.feed\] kind: is missing"):
        opened(url="https://example.test")


def test_a_channel_is_opened_with_its_settings(install: Install) -> None:
    install("rss_plugin:GOOD")
    settings, given = opened(kind="rss", url="https://example.test")
    assert settings.url == "https://example.test"
    assert given.account == "feed"


def test_every_problem_is_named_with_its_field(install: Install) -> None:
    install("rss_plugin:GOOD")
    with pytest.raises(ConfigurationError) as caught:
        opened(kind="rss", limit="many", colour="red")
    lines = caught.value.problem.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "[channels.feed] url",
        "[channels.feed] limit",
        "[channels.feed] colour",
    ]
    assert "many" not in str(caught.value)


def test_a_secret_is_never_shown_even_if_the_authors_validator_quotes_it(install: Install) -> None:
    install("rss_plugin:GOOD")
    with pytest.raises(ConfigurationError) as caught:
        opened(kind="rss", url="https://example.test", password="s3same")
    assert str(caught.value).startswith("[channels.feed] password: *** is too short")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.fixture
def anew() -> Iterator[None]:
    """As in a new process; the next test gets one of its own."""
    in_turkish.cache_clear()
    yield
    in_turkish.cache_clear()


@pytest.mark.usefixtures("anew")
def test_what_a_plugin_says_is_shown_in_its_turkish(install: Install) -> None:
    install("rss_plugin:GOOD")
    assert in_turkish()("The feed a is empty.") == "a akışı boş."
    assert in_turkish()("There is no folder a.") == "a klasörü yok."


@pytest.mark.usefixtures("anew")
def test_a_plugin_that_does_not_fit_takes_no_words_away(install: Install) -> None:
    install("rss_plugin:OLD")
    assert in_turkish()("The feed a is empty.") == "The feed a is empty."
    assert in_turkish()("There is no folder a.") == "a klasörü yok."
