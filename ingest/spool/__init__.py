"""What channels that read files from a folder share.

A spool folder looks simple and is not: files grow while a scanner writes them, names come in any
encoding, a clock goes back, a name is used again, a process dies between two lines. The parts:

* :mod:`~ingest.spool.folder`: all of it together, :class:`Spool`. Start here;
* :mod:`~ingest.spool.listing`: which files there are, and what identifies one;
* :mod:`~ingest.spool.endings`: whether a file is there to its end (PDF, TIFF, JPEG, PNG);
* :mod:`~ingest.spool.memory`: which files were delivered, as a checkpoint that does not grow;
* :mod:`~ingest.spool.documents`: what a sidecar or the file name says about a document;
* :mod:`~ingest.spool.health`: what ``basvuru channel check`` says.
"""

from ingest.spool.documents import Surroundings
from ingest.spool.folder import Batch, Document, Spool
from ingest.spool.health import findings
from ingest.spool.listing import Entry
from ingest.spool.settings import DocumentSettings, SpoolSettings

__all__ = [
    "Batch",
    "Document",
    "DocumentSettings",
    "Entry",
    "Spool",
    "SpoolSettings",
    "Surroundings",
    "findings",
]
