"""The channel ``post``: scanned letters and courier envelopes from a folder."""

from pathlib import Path

from ingest.channels.post.channel import PostChannel
from ingest.channels.post.settings import PostSettings
from ingest.contract import Declaration

__all__ = ["CHANNEL"]

CHANNEL = Declaration(
    kind="post",
    summary="Scanned letters from a folder: PDF, TIFF, JPEG or PNG.",
    settings=PostSettings,
    open=PostChannel,
    manual="""\
**One file, one letter**, unless `batches` says otherwise. With `separator` a stack is scanned in
one go, with a printed separator sheet (Patch T) between the letters; with `blank` an empty sheet
does it. Each letter becomes an item of its own with the pages that belong to it; separators are
left out. The scanned stack itself stays in the folder (or in `processed`): file it with the paper.

**Delivery date.** Deadlines run from the day on which a letter was delivered, not from the scan.
It is taken, in this order, from `delivered_on` in a sidecar (`NAME.json` or `NAME.xml`), from the
group `delivered` of `name_pattern`, or from the name of a folder like `2026-11-24`. ISO 8601,
`24.11.2026` and `20261124` are understood; a day without a time counts as noon in Istanbul.
Without any of them the time of the file counts.""",
    samples=Path(__file__).parents[3] / "samples" / "post",
    contract_version=1,
)
