"""What channels say to operators stands in Turkish too: no sentence of the source is missing."""

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.turkish import Sentences, ours
from ingest.registry import in_turkish

ROOT = Path(__file__).parents[2]
ROOMS = ("ingest/channels", "ingest/social", "ingest/spool", "ingest/poller.py", "ingest/pushed.py")
ON_THE_CONSOLE = {"checks.py", "health.py", "demo.py"}
"""What `basvuru channel check` and the demo say, and no page."""
SENTENCE = re.compile(r"[A-ZÇĞİÖŞÜ{][^\n]*\s[^\n]*\.")


def sources() -> Iterator[Path]:
    for room in ROOMS:
        place = ROOT / room
        for file in [place] if place.is_file() else sorted(place.rglob("*.py")):
            if file.name not in ON_THE_CONSOLE and "demo" not in file.parts:
                yield file


def sentences(file: Path) -> Iterator[str]:
    """Texts of a module that read like a sentence; `{}` where something is filled in."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    apart = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            apart |= {id(part) for part in node.values}
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
            "Finding",
            "Declaration",
        ):
            apart |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        text = written(node) if id(node) not in apart else ""
        if SENTENCE.fullmatch(text):
            yield re.sub(r"\{\w+\}", "{}", text)  # a constant for str.format


def written(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(written(part) or "{}" for part in node.values)
    return ""


def test_every_sentence_of_a_channel_has_its_turkish() -> None:
    said = ours()
    found = {one: file.name for file in sources() for one in sentences(file)}
    assert len(found) > 100
    missing = {one: where for one, where in found.items() if one not in said}
    assert missing == {}


def test_both_have_the_same_blanks() -> None:
    for english, turkish in ours().items():
        count = english.count("{}")
        assert len(re.findall(r"\{\d?\}", turkish)) == count, english
        turkish.format(*range(count))


@pytest.mark.parametrize(
    ("english", "turkish"),
    [
        ("There is no folder /srv/fax.", "/srv/fax klasörü yok."),
        ("12 of 100 today", "bugün 100 üzerinden 12"),
        ("incomplete: the file is empty", "eksik: dosya boş"),
        (
            "Facebook brand: the access token is dead: it has expired (190/463).",
            "Facebook brand: erişim jetonu geçersiz: süresi doldu (190/463).",
        ),
        ("Said by somebody else.", "Said by somebody else."),
        ("{}", "{}"),
    ],
)
def test_a_sentence_is_found_with_what_was_filled_in(english, turkish) -> None:
    assert in_turkish()(english) == turkish


def test_matching_ends_soon_whatever_stands_there() -> None:
    long = ": ".join(["x"] * 3_000)
    began = time.monotonic()
    assert in_turkish()(long) == long
    assert in_turkish()(long[:480])
    assert time.monotonic() - began < 1


def test_a_plugin_brings_its_own_turkish() -> None:
    said = Sentences(ours() | {"Parcel {} is lost.": "{} kargosu kayıp."})
    assert said("Parcel 7 is lost.") == "7 kargosu kayıp."


def test_blanks_that_a_plugin_miscounted_leave_the_sentence_in_english() -> None:
    for wrong in ("{1} kargosu", "{kargo}", "kargo {", "{0.no}"):
        assert Sentences({"Parcel {} is lost.": wrong})("Parcel 7 is lost.") == "Parcel 7 is lost."
