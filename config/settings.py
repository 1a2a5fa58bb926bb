"""Everything an operator may set, typed. Unknown keys are refused, secrets are never printed.

Sources, later ones win: the defaults below, a TOML file, environment variables
(``BASVURU_DATABASE__URL`` for ``[database] url``). Any key may be given as ``NAME_file`` (or
``..._FILE`` in the environment): the value is then the content of that file, so that secrets can
come from Docker, Kubernetes or systemd credentials.
"""

from pathlib import Path
from typing import Any

from pydantic import ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from config.errors import ConfigurationError
from config.sections import (
    Acknowledgement,
    Answers,
    Blobs,
    Broker,
    Company,
    Database,
    Deadlines,
    Duplicates,
    Logs,
    Mail,
    Ocr,
    Oidc,
    Operations,
    Portal,
    Reports,
    Scanning,
    Secrets,
    Sms,
    Tracing,
    Workers,
)


class Settings(BaseSettings):
    """The whole configuration of one installation."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix="BASVURU_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
        use_attribute_docstrings=True,
    )

    data: Path = Path("var")
    """Folder for everything this installation writes."""
    company: Company = Company()
    database: Database = Database()
    broker: Broker = Broker()
    blobs: Blobs = Blobs()
    workers: Workers = Workers()
    duplicates: Duplicates = Duplicates()
    acknowledgement: Acknowledgement = Acknowledgement()
    deadlines: Deadlines = Deadlines()
    answers: Answers = Answers()
    sms: Sms = Sms()
    mail: Mail = Mail()
    ocr: Ocr = Ocr()
    scanning: Scanning = Scanning()
    reports: Reports = Reports()
    portal: Portal = Portal()
    oidc: Oidc = Oidc()
    operations: Operations = Operations()
    logs: Logs = Logs()
    tracing: Tracing = Tracing()
    secrets: Secrets = Secrets()
    lookups: dict[str, dict[str, Any]] = {}
    """One table for each company system that is asked: ``[lookups.NAME] kind = ...``."""
    channels: dict[str, dict[str, Any]] = {}
    """One table for each channel account: ``[channels.NAME] kind = ...``."""

    @model_validator(mode="before")
    @classmethod
    def _secrets_from_files(cls, values: Any) -> Any:
        return _read_files(values)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, toml


def _read_files(values: Any) -> Any:
    """Replace every ``NAME_file`` by ``NAME`` with the content of that file."""
    if not isinstance(values, dict):
        return values
    out: dict[str, Any] = {}
    for key, value in values.items():
        if key.endswith("_file") and isinstance(value, str | Path):
            try:
                out[key.removesuffix("_file")] = Path(value).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigurationError(
                    f"{key}: the file cannot be read ({error.strerror}).",
                    remedy="Create it, or make it readable for this user.",
                ) from None
        else:
            out[key] = _read_files(value)
    return out


class _Loaded(Settings):
    """Settings that came from a file and the environment, and can be read again from there."""


def load(file: Path | None = None, *, data: Path | None = None) -> Settings:
    """Read the settings. Raises ConfigurationError with every problem, one a line."""

    class FromFile(_Loaded):
        model_config = SettingsConfigDict(toml_file=file)

    return _read(FromFile, data, file)


def read_again(settings: Settings) -> Settings:
    """The same sources as they are now: a password that was changed, a table that was mended.

    Settings that were not loaded from anywhere are as they were. Raises ConfigurationError.
    """
    if not isinstance(settings, _Loaded):
        return settings
    file: Any = type(settings).model_config.get("toml_file")
    return _read(type(settings), settings.data, file)


def _read(kind: type[Settings], data: Path | None, file: Path | None) -> Settings:
    given: dict[str, Any] = {} if data is None else {"data": data}
    if file is not None and not file.is_file():  # the library would take it for an empty one
        raise ConfigurationError(f"There is no settings file {file}.", remedy="Check --config.")
    try:
        return kind(**given)
    except OSError as error:
        raise ConfigurationError(
            f"The settings file {file} cannot be read ({error.strerror}).",
            remedy="Make it readable for this user.",
        ) from None
    except ValidationError as error:
        lines = [f"[{'.'.join(map(str, e['loc']))}] {e['msg']}" for e in error.errors()]
        raise ConfigurationError("\n".join(lines), remedy="") from None
    except ValueError as error:  # TOML syntax; the message has the line and no values of ours
        raise ConfigurationError(f"{file}: {error}") from None
