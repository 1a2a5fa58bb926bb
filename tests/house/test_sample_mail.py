"""The sample letters are what their script writes, and show what real mailboxes hold."""

import subprocess
import sys
from email import message_from_bytes
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples"


def test_the_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, SAMPLES / "make_mail.py", tmp_path], check=True)
    kept = {path.name: path.read_bytes() for path in (SAMPLES / "mail").iterdir()}
    assert len(kept) >= 24
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == kept


def test_the_letters_cover_the_charsets_of_turkish_mail() -> None:
    charsets = {
        part.get_content_charset()
        for path in (SAMPLES / "mail").iterdir()
        for part in message_from_bytes(path.read_bytes()).walk()
        if not part.is_multipart()
    }
    assert {"utf-8", "iso-8859-9", "windows-1254", None} <= charsets
