"""What an operator may choose for a post account."""

from typing import Literal

from ingest.spool import DocumentSettings


class PostSettings(DocumentSettings):
    """The table ``[channels.NAME]`` of a post account."""

    kind: Literal["post"] = "post"
    """Which channel this is: scanned letters."""
    batches: Literal["none", "separator", "blank"] = "none"
    """`none`: one letter a file. `separator`: letters in a PDF or TIFF are divided by sheets with
    the patch code T. `blank`: they are divided by empty pages."""
