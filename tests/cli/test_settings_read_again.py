"""What an operator mends in the table of a channel counts when the account is opened again."""

from pathlib import Path

import pytest

from basvuru.bootstrap import Application
from config.errors import ConfigurationError
from config.settings import Settings, load, read_again


def test_a_mended_table_counts_without_a_new_process(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "where").write_text(str(tmp_path / "nowhere"), encoding="utf-8")
    file = tmp_path / "basvuru.toml"
    file.write_text(
        f'[channels.letters]\nkind = "post"\nfolder_file = "{tmp_path / "where"}"\n',
        encoding="utf-8",
    )
    app = Application(load(file, data=tmp_path / "var"))
    assert not all(one.ok for one in app.open_account("letters").check())
    (tmp_path / "where").write_text(str(tmp_path / "scans"), encoding="utf-8")
    assert all(one.ok for one in app.open_account("letters").check())


def test_what_was_loaded_from_nowhere_stays(tmp_path: Path) -> None:
    made = Settings(data=tmp_path, channels={"letters": {"kind": "post"}})
    assert read_again(made) is made


def test_a_settings_file_that_is_gone_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    file = tmp_path / "basvuru.toml"
    file.write_text('[channels.letters]\nkind = "post"\n', encoding="utf-8")
    app = Application(load(file, data=tmp_path / "var"))
    file.unlink()
    with pytest.raises(ConfigurationError, match="There is no settings file"):
        app.open_account("letters")


def test_a_settings_file_that_may_not_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "basvuru.toml"
    file.write_text("", encoding="utf-8")
    app = Application(load(file, data=tmp_path / "var"))

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        app.open_account("letters")
