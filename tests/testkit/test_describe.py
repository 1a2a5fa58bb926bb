"""Sample settings and the manual are printed from the declaration."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from config.errors import ConfigurationError
from ingest.contract import Channel, ChannelSettings, Context, Declaration
from ingest.registry import manual, sample_toml, validated


class Spool(BaseModel):
    """A folder."""

    type: Literal["spool"] = "spool"
    path: Path = Field(description="Where the files are.")


class Server(BaseModel):
    """A machine."""

    type: Literal["server"] = Field("server", description="Which source this is.")
    token: SecretStr | None = Field(None, description="What it asks for.")


class Sample(ChannelSettings):
    kind: Literal["sample"] = "sample"
    """Which channel this is."""
    url: Annotated[str, Field(examples=["https://example.test/feed"])]
    """Address of the feed.
    It may be long."""
    mode: Literal["all", "new"] = "new"
    """What is read: all | new."""
    password: SecretStr = SecretStr("never shown")
    """For a closed feed."""
    folders: tuple[str, ...] = ("GİRİŞ",)
    """Names."""
    limit: Annotated[int, Field(gt=0)] | None = None
    """Items; none: all."""


class Nested(ChannelSettings):
    source: Annotated[Server | Spool, Field(discriminator="type")]
    """Where from."""


class Whole(ChannelSettings):
    """Settings that depend on each other: the sample comes from an example of the whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"host": "imap.example.test"}]})
    kind: Literal["whole"] = "whole"
    """Which channel this is."""
    host: str = ""
    """Server."""
    server: Server | None = None
    """Where tokens come from."""

    @model_validator(mode="after")
    def needs_host(self) -> Self:
        if not self.host:
            raise ValueError("needs `host`")
        return self


class Silent(ChannelSettings):
    folder: str


def opens_nothing(settings: ChannelSettings, context: Context) -> Channel:
    raise AssertionError("describing opens nothing")


def declared(settings: type[ChannelSettings]) -> Declaration:
    return Declaration(
        kind="sample",
        summary="Reads a sample.",
        settings=settings,
        open=opens_nothing,
        manual="Read it *slowly*.",
        contract_version=1,
    )


def whole() -> Declaration:
    return Declaration(
        kind="whole", summary="Reads.", settings=Whole, open=opens_nothing, contract_version=1
    )


def test_the_sample_is_accepted_as_it_stands() -> None:
    table = tomllib.loads(sample_toml(declared(Sample)))["channels"]["sample"]
    assert table == {"kind": "sample", "url": "https://example.test/feed"}
    assert validated("feed", table, declared(Sample))


def test_the_sample_is_accepted_with_every_line_switched_on() -> None:
    lines = sample_toml(declared(Sample)).splitlines()
    switched = [line.removeprefix("# ") if " = " in line else line for line in lines]
    table = tomllib.loads("\n".join(switched))["channels"]["sample"]
    assert table["folders"] == ["GİRİŞ"]
    assert validated("feed", table, declared(Sample))


def test_a_secret_shows_no_default_and_how_to_keep_it_in_a_file() -> None:
    sample = sample_toml(declared(Sample))
    assert '# password = ""  # or password_file' in sample
    assert "never shown" not in sample + manual(declared(Sample))


def test_the_manual_has_a_row_for_every_setting() -> None:
    page = manual(declared(Sample))
    assert "| `url` | text | **required** | Address of the feed. It may be long. |" in page
    assert '| `mode` | `all` or `new` | `"new"` | What is read: all \\| new. |' in page
    assert "| `limit` | whole number | none | Items; none: all. |" in page
    assert "| `password` | text, secret | none | For a closed feed. |" in page
    assert page.startswith("# sample\n\nReads a sample.\n\nRead it *slowly*.\n\n## Settings")


def test_an_example_of_the_whole_is_active_in_the_sample_and_no_default_of_the_manual() -> None:
    described = whole()
    sample = sample_toml(described)
    table = tomllib.loads(sample)["channels"]["whole"]
    assert table == {"kind": "whole", "host": "imap.example.test"}
    assert validated("feed", table, described)
    assert "| `host` | text | none | Server. |" in manual(described)


def test_a_table_that_need_not_be_there_is_commented_out_whole() -> None:
    sample = sample_toml(whole())
    assert '# [channels.whole.server]\n# Which source this is.\n# type = "server"' in sample


def test_a_setting_without_a_description_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="without a description: folder"):
        sample_toml(declared(Silent))
    with pytest.raises(ConfigurationError, match=r"source\.type"):
        manual(declared(Nested))
