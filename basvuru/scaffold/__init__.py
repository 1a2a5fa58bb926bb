"""``basvuru channel new``: a package for a channel of one's own, that passes its tests at once.

The templates are the files of the package as they will stand, with ``$kind``, ``$package`` and
other words of :func:`_words` in them; a name that ends in ``.reader.tmpl`` is only for a package
with a reader of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from config.errors import ConfigurationError
from ingest.registry import GROUP

_KIND = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_KIND = 24
"""Characters: as many as the lines of the templates have room for."""
_TEMPLATE, _READER = ".tmpl", ".reader"


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called in a package for ``kind``."""

    kind: str

    @property
    def package(self) -> str:
        return f"basvuru_{self.kind.replace('-', '_')}"

    @property
    def distribution(self) -> str:
        return f"basvuru-{self.kind}"

    @property
    def title(self) -> str:
        """Begins the names of its classes."""
        return "".join(word.title() for word in self.kind.split("-"))


def new_package(kind: str, parent: Path, *, reader: bool = False) -> Path:
    """Write the package into a new folder of ``parent``; returns the folder.

    Raises: ConfigurationError for a kind that is no name, and for a folder that is there already.
    """
    names = Names(_checked(kind))
    folder = parent / names.distribution
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise ConfigurationError(
            f"The folder {folder} cannot be made ({error.strerror}).",
            remedy="Choose another place with --into.",
        ) from error
    for path, text in _rendered(names, reader):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def _checked(kind: str) -> str:
    if not _KIND.fullmatch(kind) or len(kind) > _LONGEST_KIND:
        raise ConfigurationError(
            f"{kind!r} is no name for a kind of channel.",
            remedy="Take lower-case letters, digits and single hyphens, like `parcel-desk`.",
        )
    if kind in entry_points(group=GROUP).names:
        raise ConfigurationError(
            f"There is a channel of kind {kind!r} already.", remedy="Take another name."
        )
    return kind


def _rendered(names: Names, reader: bool) -> Iterator[tuple[str, str]]:
    """(path, text) of every file."""
    words = _words(names, reader)
    for path, template in _templates(files("basvuru.scaffold") / "templates"):
        name = path.removesuffix(_TEMPLATE)
        if name.endswith(_READER) and not reader:
            continue
        where = name.removesuffix(_READER).replace("package", names.package)
        where = where.replace("KIND", names.kind).replace("dot-", ".")
        yield where, Template(template.read_text(encoding="utf-8")).substitute(words)


def _words(names: Names, reader: bool) -> Mapping[str, str]:
    """``item_kind``: what reads the items, our reader of plain text or the package's own."""
    module = f"{names.package}.reader"
    point = f'\n[project.entry-points."basvuru.readers"]\n{names.kind} = "{module}:READER"\n'
    line = f"| `src/{names.package}/reader.py` | from a raw item to the schema |\n"
    return {
        "kind": names.kind,
        "package": names.package,
        "distribution": names.distribution,
        "title": names.title,
        "item_kind": names.kind if reader else "text",
        "reader_entry_point": point if reader else "",
        "reader_line": line if reader else "",
    }


def _templates(folder: Traversable, below: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _templates(entry, f"{below}{entry.name}/")
        elif entry.name.endswith(_TEMPLATE):
            yield f"{below}{entry.name}", entry
