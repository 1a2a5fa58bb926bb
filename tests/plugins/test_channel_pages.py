"""The pages about channels are printed from their declarations."""

from importlib.metadata import distribution
from pathlib import Path

import pytest

from ingest.registry import GROUP, declaration, manual

PAGES = Path(__file__).parents[2] / "docs" / "channels"
KINDS = sorted(point.name for point in distribution("basvuru").entry_points.select(group=GROUP))


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_about_a_channel_is_the_printed_one(kind: str) -> None:
    page = PAGES / f"{kind}.md"
    written = page.read_text("utf-8") if page.exists() else ""
    assert written == manual(declaration(kind)), (
        f"run: basvuru channel describe {kind} > docs/channels/{kind}.md"
    )


def test_no_page_is_about_a_channel_that_is_gone() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} <= set(KINDS)
