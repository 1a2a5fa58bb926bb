"""A linear model over words, applied with numpy alone: what ``basvuru classifier train`` leaves.

The file is an ``.npz`` of plain arrays, numbers and fixed-width text, read with
``allow_pickle=False``, and a ``.json`` beside it that says what it was trained on and the SHA-256
of the arrays. A file whose digest differs is not loaded. Words are cut to their first letters,
since Turkish puts its many endings behind them.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from structlog import get_logger

from cases.assessment.suggest import Guess
from config.errors import BasvuruError

log = get_logger()

VERSION = 1
STEM = 6
"""Letters of a word that count."""
MOST = 20_000
"""Characters of a text that are read."""
LARGEST = 200 * 1024 * 1024
"""Bytes of a model file; ours are about 10 MB."""
SURE = 0.5
"""Below this a guess is not shown."""
_WORD = re.compile(r"[a-z]{2,}")
Floats = NDArray[np.float32]


class BadModel(BasvuruError):
    """The model file is damaged or not ours: suggestions come from rules alone until an operator
    trains a new one (``basvuru classifier train``)."""


def features(folded: str) -> list[str]:
    """Stems and pairs of neighbours of a folded text. Digits never count: they name people."""
    stems = [word[:STEM] for word in _WORD.findall(folded[:MOST])]
    return [*stems, *(f"{a} {b}" for a, b in pairwise(stems))]


@dataclass(frozen=True, slots=True)
class Field:
    """The model of one field. ``weights``: classes x words, ``bias``: classes."""

    name: str
    classes: tuple[str, ...]
    words: Mapping[str, int]
    idf: Floats
    weights: Floats
    bias: Floats

    def guess(self, counts: Counter[str], sure: float) -> Guess | None:
        known = {self.words[word]: n for word, n in counts.items() if word in self.words}
        if not known:
            return None
        columns = np.fromiter(known, dtype=np.int64)
        values = (1 + np.log(np.fromiter(known.values(), dtype=np.float32))) * self.idf[columns]
        values /= np.linalg.norm(values)
        scores = self.weights[:, columns] * values
        shares = _softmax(scores.sum(axis=1) + self.bias)
        best = int(shares.argmax())
        if shares[best] < sure:
            return None
        by_column = {self.words[word]: word for word in counts if word in self.words}
        strongest = [int(columns[i]) for i in np.argsort(-scores[best])[:5] if scores[best][i] > 0]
        words = tuple(by_column[column] for column in strongest)
        return Guess(self.name, self.classes[best], float(shares[best]), words)


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    shares: Floats = powers / powers.sum()
    return shares


@dataclass(frozen=True, slots=True)
class Model:
    """A trained classifier. ``about``: when and on how much it was trained, and how well it did."""

    fields: tuple[Field, ...]
    about: Mapping[str, Any]

    def guess(self, folded: str, sure: float = SURE) -> Sequence[Guess]:
        counts = Counter(features(folded))
        guesses = (field.guess(counts, sure) for field in self.fields)
        return [one for one in guesses if one is not None]


def save(model: Model, path: Path) -> str:
    """Write ``path`` (.npz) and its ``.json``; the second one last, since it says what is valid.
    Returns the digest."""
    arrays: dict[str, Any] = {}
    for field in model.fields:
        arrays[f"{field.name}.classes"] = np.array(field.classes)
        arrays[f"{field.name}.words"] = np.array(sorted(field.words, key=field.words.__getitem__))
        for name in ("idf", "weights", "bias"):
            arrays[f"{field.name}.{name}"] = getattr(field, name).astype(np.float32)
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    data = buffer.getvalue()
    digest = sha256(data).hexdigest()
    about = {
        **model.about,
        "version": VERSION,
        "sha256": digest,
        "fields": [field.name for field in model.fields],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, data)
    _replace(path.with_suffix(".json"), json.dumps(about, indent=1, ensure_ascii=False).encode())
    return digest


def _replace(path: Path, data: bytes) -> None:
    new = path.with_name(path.name + ".new")
    new.write_bytes(data)
    new.chmod(0o600)
    new.replace(path)


def load(path: Path) -> Model:
    """Raises BadModel. Nothing in the file is ever executed."""
    try:
        about = json.loads(path.with_suffix(".json").read_bytes())
        if path.stat().st_size > LARGEST:
            raise BadModel("The classifier's file is too large.")
        data = path.read_bytes()
        if about["version"] != VERSION or sha256(data).hexdigest() != about["sha256"]:
            raise BadModel("The classifier's file is not the one that was trained here.")
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            fields = tuple(_field(name, arrays) for name in about["fields"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadModel(f"The classifier cannot be read ({type(error).__name__}).") from None
    return Model(fields, about)


def _field(name: str, arrays: Any) -> Field:
    classes, words = arrays[f"{name}.classes"], arrays[f"{name}.words"]
    idf, weights, bias = (arrays[f"{name}.{part}"] for part in ("idf", "weights", "bias"))
    shapes = (len(words),), (len(classes), len(words)), (len(classes),)
    if (idf.shape, weights.shape, bias.shape) != shapes:
        raise BadModel("The classifier's arrays do not fit together.")
    index = {str(word): i for i, word in enumerate(words)}
    return Field(name, tuple(map(str, classes)), index, idf, weights, bias)


class Shelf:
    """The model of the installation, read again when a new one was trained; none is no error."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int] | None = None
        self._model: Model | None = None

    def model(self) -> Model | None:
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen, self._model = stamp, self._load() if stamp else None
        return self._model

    def guess(self, folded: str) -> Sequence[Guess]:
        model = self.model()
        return model.guess(folded) if model else ()

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self.path.with_suffix(".json").stat()
        except OSError:  # nobody has trained one
            return None
        return status.st_mtime_ns, status.st_size

    def _load(self) -> Model | None:
        try:
            return load(self.path)
        except BadModel as error:
            # Suggestions are a help: without it the rules go on alone, and the log says why.
            log.error("classifier.not_loaded", error=str(error))
            return None
