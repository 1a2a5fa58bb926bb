"""The review gate, on pages as they come and on pages made worse by chance, always the same chance.

The first letters of each class chose its numbers, the others judge them, under seeds of their own:
see docs/reading.md. Damage is of the kinds that a reading desk sees: out of focus, grain, crumpled
paper, coarse scans, JPEG blocks, pale ink, stains, and on faxes specks, lost lines and ink that
runs or fades. Errors are counted by the scorer of the fixtures, as for the targets of reading.
"""

import runpy
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from normalizers.ocr.engine import OcrEngine
from normalizers.ocr.null import Null
from normalizers.pages.load import open_document
from normalizers.pages.page import PageText, read_scan
from normalizers.pages.prepare import pixels, whiten
from normalizers.pages.read import is_poor
from normalizers.pages.scan import Scan
from normalizers.reader import Options

BAD_CER = 0.10
CHOSE = 4
"""Letters of each class on which the numbers were chosen; what comes after them judges."""
CHOSE_SEEDS = (1, 2)
JUDGE_SEEDS = (20260310, 20260311, 20260312)
SPOILED_EACH = 4
"""Times each is made worse."""
CLASSES = ("clean300", "scan300", "office200", "photo", "lowcon", "fax_fine", "fax_std")
BAD_TARGET, GOOD_TARGET = 0.95, 0.05
"""Share of the pages with more than a tenth of wrong characters that is sent, at least, and of the
others, at most."""

OPTIONS = Options(ocr=Null())
"""As every installation has them; the engine is not asked."""

Row = dict[str, Any]
Chance = np.random.Generator
Spoil = Callable[[Scan, Chance], Scan]


@dataclass(frozen=True, slots=True)
class Judged:
    """One page: its letter, how it was made worse, how many characters are wrong, whether it was
    sent to the reading desk, and why."""

    name: str
    chose: bool
    error_rate: float
    sent: bool
    why: str = ""

    @property
    def bad(self) -> bool:
        return self.error_rate > BAD_CER


def chosen(pages: Sequence[Row]) -> set[str]:
    """The pages of the letters on which the numbers were chosen."""
    places: dict[str, int] = {}
    chose = set()
    for row in pages:
        if not row["blank"]:
            places[row["cls"]] = places.get(row["cls"], 0) + 1
            if places[row["cls"]] <= CHOSE:
                chose.add(row["page_id"])
    return chose


def made_worse(folder: Path, pages: Sequence[Row], ocr: OcrEngine) -> Iterator[Judged]:
    """Each page of some classes, made worse in several ways, read and judged."""
    metrics = runpy.run_path(str(folder / "score.py"))["page_metrics"]
    chose = chosen(pages)
    for place, kind in enumerate(CLASSES):
        rows = [row for row in pages if row["cls"] == kind and not row["blank"]]
        for number, row in enumerate(rows):
            truth = (folder / "gt" / f"{row['page_id']}.txt").read_text(encoding="utf-8")
            scan = _scan(folder, row)
            for seed in CHOSE_SEEDS if row["page_id"] in chose else JUDGE_SEEDS:
                chance = np.random.default_rng((seed, place, number))
                for damage, worse in _worse(scan, chance):
                    read = read_scan(worse, ocr)
                    score = metrics(truth, read.text, row["optional"])
                    yield Judged(
                        f"{kind} {damage}",
                        row["page_id"] in chose,
                        score["d"] / score["n"],
                        is_poor(read, OPTIONS) or read.blank,
                        _why(read),
                    )


def _why(read: PageText) -> str:
    blank = ", called blank" if read.blank else ""
    return f"confidence {read.confidence or 0:.0f}, doubtful {read.doubtful:.1%}{blank}"


def print_table(as_they_come: Sequence[Judged], worse: Sequence[Judged]) -> None:
    """Precision and recall of the gate: each part, and what judges as a whole."""
    print(f"\nreview gate: CER > {BAD_CER:.0%} sent (target >= {BAD_TARGET:.0%}), "
          f"good ones sent (target <= {GOOD_TARGET:.0%})")  # fmt: skip
    judging = [one for one in worse if not one.chose]
    for title, some in (
        ("pages as they come", as_they_come),
        ("letters that chose, made worse", [one for one in worse if one.chose]),
        ("letters that judge, made worse", judging),
        ("pages as they come, and those that judge", [*as_they_come, *judging]),
    ):
        bad, good = [one for one in some if one.bad], [one for one in some if not one.bad]
        right = sum(one.bad for one in some if one.sent) / max(sum(one.sent for one in some), 1)
        print(f"{title:42}{_sent(bad):>24}{_sent(good):>24}  of those sent {right:.0%} are bad")
    for one in (*as_they_come, *worse):
        if one.bad != one.sent:
            sent = "sent" if one.sent else "not sent"
            print(f"  {sent}: {one.name}, CER {one.error_rate:.1%}, {one.why}")


def _sent(some: Sequence[Judged]) -> str:
    sent = sum(one.sent for one in some)
    return f"{sent} of {len(some)} ({sent / max(len(some), 1):.1%})"


def _scan(folder: Path, row: dict[str, Any]) -> Scan:
    data = (folder / row["file"]).read_bytes()
    with closing(open_document(data, max_pages=99)) as document:
        return document.sheet(row["page"]).scan(300)


def _worse(scan: Scan, chance: Chance) -> Iterator[tuple[str, Scan]]:
    ways = FAX if scan.bilevel else GREY
    for at in chance.permutation(len(ways))[:SPOILED_EACH]:
        name, way = list(ways.items())[at]
        yield name, way(scan, chance)


def _focus(scan: Scan, chance: Chance) -> Scan:
    inches = chance.uniform(0.006, 0.016)
    return scan.with_grey(whiten.blur(scan.grey, inches * _resolution(scan)))


def _grain(scan: Scan, chance: Chance) -> Scan:
    noise = chance.normal(0, chance.uniform(40, 110), scan.grey.shape)
    return scan.with_grey(np.clip(scan.grey + noise, 0, 255).astype(np.uint8))


def _crumpled(scan: Scan, chance: Chance) -> Scan:
    height, width = scan.grey.shape
    coarse = chance.normal(0, 1, (height // 120, width // 120)).astype(np.float32)
    bend = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    bend *= chance.uniform(4, 11) * _resolution(scan) / 200
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    grey = cv2.remap(scan.grey, x + bend, y + np.roll(bend, 97, 1), cv2.INTER_LINEAR, None,
                     cv2.BORDER_CONSTANT, 255)  # fmt: skip
    return scan.with_grey(np.asarray(grey, np.uint8))


def _coarse(scan: Scan, chance: Chance) -> Scan:
    factor = chance.uniform(55, 100) / _resolution(scan)
    dpi = (scan.dpi[0] * factor, scan.dpi[1] * factor)
    return replace(scan, grey=pixels.scaled(scan.grey, factor), dpi=dpi)


def _blocks(scan: Scan, chance: Chance) -> Scan:
    small = pixels.scaled(scan.grey, chance.uniform(0.4, 0.8))
    out = BytesIO()
    Image.fromarray(small).save(out, "JPEG", quality=int(chance.integers(4, 15)))
    height, width = scan.grey.shape
    grey = np.array(Image.open(out).convert("L").resize((width, height)), np.uint8)
    return scan.with_grey(grey)


def _pale(scan: Scan, chance: Chance) -> Scan:
    paper = float(np.median(scan.grey))
    grey = paper - (paper - scan.grey.astype(np.float32)) * chance.uniform(0.15, 0.4)
    grey += chance.normal(0, 4, grey.shape)
    return scan.with_grey(np.clip(grey, 0, 255).astype(np.uint8))


def _stained(scan: Scan, chance: Chance) -> Scan:
    """Blots that hide letters altogether."""
    grey = scan.grey.copy()
    height, width = grey.shape
    for _ in range(int(chance.integers(5, 60))):
        centre = (int(chance.uniform(0.1, 0.9) * width), int(chance.uniform(0.1, 0.8) * height))
        axes = (int(chance.uniform(0.01, 0.06) * width), int(chance.uniform(0.004, 0.015) * height))
        shade = int(chance.choice([30, 235]))
        cv2.ellipse(grey, centre, axes, float(chance.uniform(0, 180)), 0, 360, shade, -1)
    return scan.with_grey(grey)


def _specks(scan: Scan, chance: Chance) -> Scan:
    flipped = chance.random(scan.grey.shape) < chance.uniform(0.01, 0.12)
    return scan.with_grey(np.where(flipped, 255 - scan.grey, scan.grey).astype(np.uint8))


def _lost_lines(scan: Scan, chance: Chance) -> Scan:
    grey = scan.grey.copy()
    for row in np.flatnonzero(chance.random(grey.shape[0]) < chance.uniform(0.02, 0.2)):
        grey[row : row + int(chance.integers(1, 4))] = 255
    return scan.with_grey(grey)


def _running(scan: Scan, chance: Chance) -> Scan:
    """Ink that runs or fades: the line between black and white is drawn elsewhere."""
    soft = whiten.blur(scan.grey, float(chance.uniform(1.0, 2.2)))
    level = chance.choice([chance.uniform(100, 120), chance.uniform(160, 215)])
    return scan.with_grey(np.where(soft < level, 0, 255).astype(np.uint8))


def _resolution(scan: Scan) -> float:
    return pixels.known(scan).resolution


GREY: dict[str, Spoil] = {
    "focus": _focus, "grain": _grain, "crumpled": _crumpled, "coarse": _coarse,
    "blocks": _blocks, "pale": _pale, "stained": _stained,
}  # fmt: skip
FAX: dict[str, Spoil] = {
    "specks": _specks,
    "lost lines": _lost_lines,
    "running": _running,
    "stained": _stained,
}
