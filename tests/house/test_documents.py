"""What is written for people: links lead somewhere, and commands that are named exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import load
from ingest.registry import declaration, validated
from workers.gateways.registry import declarations

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
COMMAND = re.compile(r"(?:`|bin/|BIN\)/|portal )basvuru ([a-z][a-z-]*)")
TOML = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
BASVURU = Path(sys.executable).with_name("basvuru")


def anchors(page: Path) -> set[str]:
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", text).strip().replace(" ", "-").lower() for text in headings}


def broken(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path) if path else page
    if not target.exists():
        return True
    return bool(anchor) and target.suffix == ".md" and anchor not in anchors(target)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    own = [link for link in links if not re.match(r"https?:|mailto:", link)]
    assert [link for link in own if broken(page, link)] == []


def test_pages_are_found_and_have_links() -> None:
    assert len(PAGES) >= 5
    assert any(LINK.search(page.read_text(encoding="utf-8")) for page in PAGES)


@pytest.mark.slow
def test_every_command_that_a_page_names_exists() -> None:
    read = [page.read_text(encoding="utf-8") for page in (*PAGES, ROOT / "Makefile")]
    text = "\n".join(read)
    named = set(COMMAND.findall(text))
    assert named
    shown = subprocess.run([BASVURU, "--help"], capture_output=True, text=True, check=True).stdout
    assert [word for word in sorted(named) if not re.search(rf"^\W*{word}\s", shown, re.M)] == []


def shown_by(*words: str) -> str:
    command = [BASVURU, *words, "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.mark.slow
def test_every_subcommand_that_a_page_shows_exists() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"(?:`|bin/|^)basvuru ([a-z][a-z-]+) ([a-z][a-z-]+)\b", text, re.M))
    pages = {word: shown_by(word) for word, _ in named}
    groups = {word: page for word, page in pages.items() if re.search("Commands", page)}
    assert groups
    wrong = [two for two in named if two[0] in groups and two[1] not in groups[two[0]]]
    assert sorted(wrong) == []


def settings_shown() -> list[str]:
    blocks = [block for page in PAGES for block in TOML.findall(page.read_text(encoding="utf-8"))]
    shown = [block for block in blocks if "entry-points" not in block]
    return [*shown, (ROOT / "deploy" / "basvuru.toml").read_text(encoding="utf-8")]


@pytest.mark.parametrize("text", settings_shown(), ids=lambda text: text.split("\n")[0])
def test_settings_that_are_shown_are_accepted(text: str, tmp_path: Path) -> None:
    file = tmp_path / "shown.toml"
    file.write_text(re.sub(r'(\w+)_file = "[^"]*"', r'\1 = "made-up"', text), encoding="utf-8")
    settings = load(file)
    for name, table in settings.channels.items():
        assert validated(name, table, declaration(table["kind"]))
    gateway = declarations()[settings.sms.gateway]
    if settings.sms.options:
        assert gateway.settings.model_validate(settings.sms.options)


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(re.findall(r"^make ([a-z-]+)", shown.stdout, re.MULTILINE)) == targets
