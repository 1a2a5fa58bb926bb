"""Settings: described, secret where they should be, and printed so that they can be used."""

import tomllib

from config.errors import ConfigurationError
from ingest.describe import sample_toml, settings_of, undescribed
from ingest.registry import validated
from ingest.testkit.check import Lab, check
from ingest.testkit.harness import ACCOUNT

SECRET_NAMES = ("password", "passwd", "passphrase", "secret", "token", "key")
"""Last words of the names of settings that hold a secret."""


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


CHECKS = (
    every_setting_is_described,
    secrets_are_declared_secret,
    the_sample_settings_are_valid,
    unknown_settings_are_refused,
)
